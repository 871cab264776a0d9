// A Java TLS client as an agent is one: the default trust manager (PKIX) with a trust store of the given roots, and
// HTTPS endpoint identification. Compiled for Java 8, so that every JRE from 8 on runs the same class.
//
// Reads lines `id TAB port TAB host TAB base64 of the roots' PEM`, shakes hands with 127.0.0.1:port as if that were
// the host (an empty host is not checked), and writes `id TAB accepts|refuses TAB reason`.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class JavaClient {
  private static final int PATIENCE = 20_000;
  /** The time to validate at, in milliseconds (-Dat=…); now, unless it is set. */
  private static final Long AT = Long.getLong("at");

  public static void main(String[] args) throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(3);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    System.out.println("version\t" + System.getProperty("java.version"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = line.split("\t", -1);
      workers.execute(() -> answer(fields));
    }
    workers.shutdown();
  }

  private static void answer(String[] fields) {
    String verdict;
    try {
      handshake(Integer.parseInt(fields[1]), fields[2], Base64.getDecoder().decode(fields[3]));
      verdict = "accepts\t";
    } catch (Throwable error) {
      verdict = "refuses\t" + reason(error);
    }
    synchronized (System.out) {
      System.out.println(fields[0] + "\t" + verdict);
      System.out.flush();
    }
  }

  private static void handshake(int port, String host, byte[] roots) throws Exception {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    int count = 0;
    for (Certificate root :
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(roots))) {
      store.setCertificateEntry("root" + count++, root);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    if (AT == null) {
      trust.init(store);
    } else {
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, null);
      parameters.setRevocationEnabled(false);
      parameters.setDate(new Date(AT));
      trust.init(new CertPathTrustManagerParameters(parameters));
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (Socket plain = new Socket("127.0.0.1", port)) {
      plain.setSoTimeout(PATIENCE);
      String name = host.isEmpty() ? "127.0.0.1" : host;
      try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
        SSLParameters parameters = socket.getSSLParameters();
        if (!host.isEmpty()) parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
      }
    }
  }

  /** What the outermost and the innermost exception say. */
  private static String reason(Throwable error) {
    Throwable innermost = error;
    while (innermost.getCause() != null && innermost.getCause() != innermost) innermost = innermost.getCause();
    String outer = text(error);
    String inner = text(innermost);
    return (outer.contains(inner) ? outer : outer + ": " + inner).replaceAll("\\s+", " ");
  }

  private static String text(Throwable error) {
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
