/** CMS envelopes (RFC 5652): recordings encrypted under recording certificates, written and read. */
@NullMarked
package dev.tapeseal.envelope;

import org.jspecify.annotations.NullMarked;
