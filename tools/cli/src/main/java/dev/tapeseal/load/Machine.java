package dev.tapeseal.load;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What figures were measured on: without it they mean nothing. */
final class Machine {
  private Machine() {}

  static Map<String, Object> toMap(long heapBytes) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("java", Runtime.version().toString());
    map.put("vm", System.getProperty("java.vm.name", ""));
    map.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
    map.put("architecture", System.getProperty("os.arch", ""));
    map.put("cores", Runtime.getRuntime().availableProcessors());
    map.put(
        "collectors",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .collect(Collectors.joining(", ")));
    map.put("heapBytes", heapBytes);
    map.put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return map;
  }
}
