package dev.tapeseal.http;

import java.util.Set;

/** Who sent a request, and what he may do. */
public record Principal(String name, Set<String> privileges) {

  /** Takes a copy of the privileges. */
  public Principal {
    privileges = Set.copyOf(privileges);
  }

  /** Whether it holds a privilege. */
  public boolean has(String privilege) {
    return privileges.contains(privilege);
  }
}
