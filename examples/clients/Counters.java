import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.xml.ws.BindingProvider;
import postern.operator._1.CounterReading;
import postern.operator._1.Device;
import postern.operator._1.DevicePage;
import postern.operator._1.service.OperatorPortType;
import postern.operator._1.service.OperatorService;

/**
 * Counters of all devices, as a billing system reads them, with JAX-WS.
 *
 * <pre>
 * wsimport -Xnocompile wsdl/operator.wsdl
 * java Counters https://server.example:8444 ca.pem operator.token
 * </pre>
 */
public final class Counters {
    public static void main(String[] args) throws Exception {
        OperatorPortType operator = operator(args[0], Path.of(args[1]), Path.of(args[2]));
        String after = null;
        do {
            DevicePage page = operator.listDevices(null, null, null, true, after, null);
            for (Device device : page.getDevice()) {
                if (device.getCounters() == null) continue;
                for (CounterReading counter : device.getCounters().getCounter()) {
                    System.out.println(device.getId() + "," + counter.getName() + "," + counter.getValue());
                }
            }
            after = page.getNext();
        } while (after != null);
    }

    private static OperatorPortType operator(String url, Path ca, Path token) throws Exception {
        OperatorPortType port = new OperatorService().getOperatorSoap11Port();
        Map<String, Object> context = ((BindingProvider) port).getRequestContext();
        context.put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, url + "/soap/operator");
        context.put(BindingProvider.USERNAME_PROPERTY, "operator");
        context.put(BindingProvider.PASSWORD_PROPERTY, Files.readString(token).trim());
        context.put("com.sun.xml.ws.transport.https.client.SSLSocketFactory", trusting(ca).getSocketFactory());
        return port;
    }

    private static SSLContext trusting(Path ca) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ca)) {
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
