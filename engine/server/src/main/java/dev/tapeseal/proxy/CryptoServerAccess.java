package dev.tapeseal.proxy;

import java.net.URI;

/**
 * A crypto server that may be asked, and who the proxy is there.
 *
 * @param uri without a slash at its end, as a setting has it
 * @param account stays its maker's
 */
public record CryptoServerAccess(URI uri, ProxyAccount account) {}
