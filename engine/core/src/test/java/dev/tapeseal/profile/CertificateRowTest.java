package dev.tapeseal.profile;
