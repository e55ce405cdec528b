/**
 * Configuration: {@code rcs.properties}, the options of MCP, and settings in layers, where a flag
 * wins over the environment, the environment over the file, and the file over the default. Every
 * value knows where it came from.
 *
 * <pre>{@code
 * Settings settings = Settings.builder()
 *     .flag("--port", SettingKeys.HTTP_PORT, "8443")
 *     .environment(System.getenv()) // TAPESEAL_HTTP_PORT
 *     .file(Path.of("rcs.properties"))
 *     .build();
 * settings.value(SettingKeys.HTTP_PORT); // 8443
 * settings.origin(SettingKeys.HTTP_PORT); // flag --port
 * }</pre>
 */
@NullMarked
package dev.tapeseal.settings;

import org.jspecify.annotations.NullMarked;
