package dev.tapeseal.settings;

import static dev.tapeseal.settings.SettingKey.withDefault;
import static dev.tapeseal.settings.SettingKey.withoutDefault;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Every setting there is. {@link #CA_CERTIFICATE_STORE_PATH} and {@link
 * #CA_CERTIFICATE_STORE_PASSWORD} have their documented names; all others, their names included,
 * are ours.
 *
 * <p>Passwords other than the documented one are never values but files that hold them, so that a
 * configuration can be shown, kept and compared. Keys without a default are not set unless somebody
 * sets them.
 *
 * <p>It is longer than most classes because it is one list.
 */
public final class SettingKeys {

  /** Documented. */
  public static final SettingKey<Path> CA_CERTIFICATE_STORE_PATH = withoutDefault(
      "cacertstorepath",
      SettingType.path(),
      "CA certificates that uploaded and deployed certificates must chain to: PEM, JKS, JCEKS or PKCS#12");

  /** Documented. */
  public static final SettingKey<Secret> CA_CERTIFICATE_STORE_PASSWORD = withoutDefault(
      "cacertstorepassword",
      SettingType.secret(),
      "Password of cacertstorepath; unused where that is PEM");

  public static final SettingKey<Path> DATA_FOLDER = withoutDefault(
      "data.folder", SettingType.path(), "Folder that everything lies under unless said otherwise");

  public static final SettingKey<Path> STORE_FOLDER = withoutDefault(
      "store.folder",
      SettingType.path(),
      "Folder of the recordings; otherwise recordings in the data folder");

  public static final SettingKey<URI> STORE_WEBDAV_URI = withoutDefault(
      "store.webdav-uri",
      SettingType.httpUri(),
      "WebDAV collection that media lie in; otherwise they lie in store.folder, beside their metadata");

  public static final SettingKey<String> STORE_WEBDAV_USER = withDefault(
      "store.webdav-user", SettingType.text(), "recorder", "Account at store.webdav-uri");

  public static final SettingKey<Path> STORE_WEBDAV_PASSWORD_FILE = withoutDefault(
      "store.webdav-password-file",
      SettingType.path(),
      "File with the password of store.webdav-user; without it nobody is logged in");

  public static final SettingKey<String> CATALOG_URL = withoutDefault(
      "catalog.url",
      SettingType.matching(
          "address",
          Pattern.compile("jdbc:(?!.*(?i:password|://[^/?]*@)).{1,1000}"),
          "a JDBC URL without user and password"),
      "Database of the catalog; otherwise SQLite beside the recordings");

  public static final SettingKey<String> CATALOG_USER =
      withoutDefault("catalog.user", SettingType.text(), "Database user of catalog.url");

  public static final SettingKey<Path> CATALOG_PASSWORD_FILE = withoutDefault(
      "catalog.password-file", SettingType.path(), "File with the password of catalog.user");

  public static final SettingKey<Path> KEY_STORE_FILE = withoutDefault(
      "keystore.file",
      SettingType.path(),
      "Key store of the private keys; otherwise keystore.p12 in the data folder");

  public static final SettingKey<Path> KEY_STORE_PASSWORD_FILE = withoutDefault(
      "keystore.password-file",
      SettingType.path(),
      "File with the password of keystore.file; otherwise keystore-password.txt in the data folder");

  public static final SettingKey<Path> MCP_OPTIONS_FILE = withoutDefault(
      "mcp.options-file",
      SettingType.path(),
      "MCP's options; otherwise mcp.cfg in the data folder");

  public static final SettingKey<String> DEFAULT_PROFILE = withDefault(
      "profile.default",
      SettingType.text(),
      "default",
      "Name of the IVR profile to record under when selection finds no other");

  public static final SettingKey<Duration> EXPIRY_WARNING = withDefault(
      "certificate.expiry-warning",
      SettingType.duration("0d", "3650d"),
      "30d",
      "How long before a recording certificate expires warnings begin");

  public static final SettingKey<String> CONTACT_CENTER_ID = withDefault(
      "contact-center.id",
      SettingType.matching(
          "text", Pattern.compile("[0-9a-f]{32}"), "32 lower-case hexadecimal digits"),
      "00000000000000000000000000000001",
      "Identifier of the contact center");

  public static final SettingKey<String> TENANT_NAME = withDefault(
      "tenant.name",
      SettingType.text(),
      "Environment",
      "Name of the tenant whose recordings these are");

  public static final SettingKey<String> NODE_PATH = withDefault(
      "node.path",
      SettingType.matching(
          "text", Pattern.compile("/|(/[^/\\p{Cc}]{1,64}){1,16}/?"), "a path such as /US/AK"),
      "/",
      "Where this node is; settings by location go by it");

  public static final SettingKey<String> HTTP_HOST =
      withDefault("http.host", SettingType.text(), "127.0.0.1", "Address to listen at");

  public static final SettingKey<Integer> HTTP_PORT = withDefault(
      "http.port",
      SettingType.wholeNumber(0, 65535),
      "8080",
      "Port of all services; 0 takes a free one");

  public static final SettingKey<Integer> RCS_PORT = withoutDefault(
      "rcs.port", SettingType.wholeNumber(0, 65535), "Port of RCS alone; otherwise http.port");

  public static final SettingKey<Integer> WEBSERVICES_PORT = withoutDefault(
      "webservices.port",
      SettingType.wholeNumber(0, 65535),
      "Port of IRWS alone; otherwise http.port");

  public static final SettingKey<Integer> PROXY_PORT = withoutDefault(
      "proxy.port",
      SettingType.wholeNumber(0, 65535),
      "Port of the decryption proxy alone; otherwise http.port");

  public static final SettingKey<Path> HTTP_PORT_FILE = withoutDefault(
      "http.port-file", SettingType.path(), "File to write the port to once it is open");

  public static final SettingKey<URI> PUBLIC_URI = withoutDefault(
      "http.public-uri",
      SettingType.httpUri(),
      "Address that clients reach this node by; otherwise host and port");

  public static final SettingKey<PlainHttp> PLAIN_HTTP = withDefault(
      "http.plain",
      SettingType.choice(PlainHttp.class),
      "loopback",
      "Where HTTP without TLS is spoken: to this machine alone, or to all who reach http.host");

  public static final SettingKey<Path> TLS_CERTIFICATE_FILE = withoutDefault(
      "http.tls-certificate-file",
      SettingType.path(),
      "Certificate chain (PEM) for HTTPS; without it plain HTTP");

  public static final SettingKey<Path> TLS_KEY_FILE = withoutDefault(
      "http.tls-key-file",
      SettingType.path(),
      "Private key of http.tls-certificate-file: PEM, PKCS#8, not encrypted");

  public static final SettingKey<Path> TLS_CA_FILE = withoutDefault(
      "tls.ca-file",
      SettingType.path(),
      "Certificates (PEM) that HTTPS servers are trusted by: crypto servers, storages, IRWS; otherwise the JDK's");

  public static final SettingKey<Integer> MAX_HEADER_BYTES = withDefault(
      "http.max-header-bytes",
      SettingType.sizeBytes("1KiB", "1MiB"),
      "16KiB",
      "Longest header of a request, its first line included");

  public static final SettingKey<Duration> HEADER_TIMEOUT = withDefault(
      "http.header-timeout",
      SettingType.duration("100ms", "10m"),
      "10s",
      "How long a client may take to send a request's header");

  public static final SettingKey<Duration> IDLE_TIMEOUT = withDefault(
      "http.idle-timeout",
      SettingType.duration("100ms", "1d"),
      "60s",
      "How long a connection may be without any traffic");

  public static final SettingKey<Integer> MAX_CONNECTIONS_PER_ADDRESS = withDefault(
      "http.max-connections-per-address",
      SettingType.wholeNumber(1, 1_000_000),
      "512",
      "Most connections from one client address");

  public static final SettingKey<Duration> DRAIN_TIMEOUT = withDefault(
      "http.drain-timeout",
      SettingType.duration("0s", "1h"),
      "30s",
      "How long requests under way may take to end at shutdown");

  public static final SettingKey<Path> USERS_FILE = withoutDefault(
      "users.file",
      SettingType.path(),
      "Users, their hashed passwords and privileges; otherwise users in the data folder");

  public static final SettingKey<Path> OPS_PASSWORD_FILE = withoutDefault(
      "users.ops-password-file",
      SettingType.path(),
      "File with the password that the user ops gets at first start; otherwise one is made and printed once");

  public static final SettingKey<Duration> SESSION_IDLE_TIMEOUT = withDefault(
      "session.idle-timeout",
      SettingType.duration("1s", "7d"),
      "30m",
      "How long a session may be unused before it ends");

  public static final SettingKey<String> PROXY_USER = withDefault(
      "proxy.decrypt-user",
      SettingType.text(),
      "decrypt",
      "Account that the decryption proxy logs in to RCS with");

  public static final SettingKey<Path> PROXY_PASSWORD_FILE = withoutDefault(
      "proxy.decrypt-password-file",
      SettingType.path(),
      "File with the password of proxy.decrypt-user");

  public static final SettingKey<String> RECORDER_IRWS_USER = withDefault(
      "recorder.irws-user",
      SettingType.text(),
      "ops",
      "Account that the recorder posts metadata to IRWS with");

  public static final SettingKey<Path> RECORDER_IRWS_PASSWORD_FILE = withoutDefault(
      "recorder.irws-password-file",
      SettingType.path(),
      "File with the password of recorder.irws-user; without it metadata are posted as nobody");

  public static final SettingKey<String> RECORDER_STORAGE_USER = withDefault(
      "recorder.storage-user",
      SettingType.text(),
      "recorder",
      "Account that the recorder puts media into a storage with, where the IVR profile names none");

  public static final SettingKey<Path> RECORDER_STORAGE_PASSWORD_FILE = withoutDefault(
      "recorder.storage-password-file",
      SettingType.path(),
      "File with the password of recorder.storage-user; without it media are put as nobody");

  public static final SettingKey<Path> AUDIT_FILE = withoutDefault(
      "audit.file", SettingType.path(), "Audit log; otherwise audit.log in the data folder");

  public static final SettingKey<Integer> KEY_CACHE_ENTRIES = withDefault(
      "keycache.max-entries",
      SettingType.wholeNumber(0, 1_000_000),
      "10000",
      "Most unwrapped session keys kept in memory; 0 keeps none");

  public static final SettingKey<Duration> KEY_CACHE_LIFETIME = withDefault(
      "keycache.lifetime",
      SettingType.duration("1s", "1d"),
      "60s",
      "How long an unwrapped session key is kept at most");

  public static final SettingKey<LogFormat> LOG_FORMAT =
      withDefault("log.format", SettingType.choice(LogFormat.class), "text", "How log lines look");

  private static final List<SettingKey<?>> ALL = List.of(
      CA_CERTIFICATE_STORE_PATH,
      CA_CERTIFICATE_STORE_PASSWORD,
      DATA_FOLDER,
      STORE_FOLDER,
      STORE_WEBDAV_URI,
      STORE_WEBDAV_USER,
      STORE_WEBDAV_PASSWORD_FILE,
      CATALOG_URL,
      CATALOG_USER,
      CATALOG_PASSWORD_FILE,
      KEY_STORE_FILE,
      KEY_STORE_PASSWORD_FILE,
      MCP_OPTIONS_FILE,
      DEFAULT_PROFILE,
      EXPIRY_WARNING,
      CONTACT_CENTER_ID,
      TENANT_NAME,
      NODE_PATH,
      HTTP_HOST,
      HTTP_PORT,
      RCS_PORT,
      WEBSERVICES_PORT,
      PROXY_PORT,
      HTTP_PORT_FILE,
      PUBLIC_URI,
      PLAIN_HTTP,
      TLS_CERTIFICATE_FILE,
      TLS_KEY_FILE,
      TLS_CA_FILE,
      MAX_HEADER_BYTES,
      HEADER_TIMEOUT,
      IDLE_TIMEOUT,
      MAX_CONNECTIONS_PER_ADDRESS,
      DRAIN_TIMEOUT,
      USERS_FILE,
      OPS_PASSWORD_FILE,
      SESSION_IDLE_TIMEOUT,
      PROXY_USER,
      PROXY_PASSWORD_FILE,
      RECORDER_IRWS_USER,
      RECORDER_IRWS_PASSWORD_FILE,
      RECORDER_STORAGE_USER,
      RECORDER_STORAGE_PASSWORD_FILE,
      AUDIT_FILE,
      KEY_CACHE_ENTRIES,
      KEY_CACHE_LIFETIME,
      LOG_FORMAT);

  private SettingKeys() {}

  /** All of them, in the order in which they are shown. */
  public static List<SettingKey<?>> all() {
    return ALL;
  }
}
