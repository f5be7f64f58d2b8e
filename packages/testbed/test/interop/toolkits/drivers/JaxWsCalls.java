import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.jws.WebParam;
import javax.jws.WebResult;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.xml.bind.JAXBContext;
import javax.xml.bind.JAXBElement;
import javax.xml.namespace.QName;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Holder;
import javax.xml.ws.RequestWrapper;
import javax.xml.ws.ResponseWrapper;
import javax.xml.ws.Service;
import javax.xml.ws.WebServiceException;
import javax.xml.ws.handler.MessageContext;

/**
 * Calls operations of a contract through the classes that wsimport has made of it. Arguments: wsdl file, port type class,
 * service name, port name, address, CA, certificate, key ("-": none), user, password file, token file ("-": none). Each line
 * of standard input is an operation, a tab and its request element in base64; each line of standard output the JSON of what
 * came.
 */
public final class JaxWsCalls {
    public static void main(String[] args) throws Exception {
        Class<?> portType = Class.forName(args[1]);
        String namespace = portType.getAnnotation(javax.jws.WebService.class).targetNamespace();
        Service service = Service.create(Path.of(args[0]).toUri().toURL(), new QName(namespace, args[2]));
        Object port = service.getPort(new QName(namespace, args[3]), portType);
        BindingProvider provider = (BindingProvider) port;
        provider.getRequestContext().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, args[4]);
        provider.getRequestContext().put(
            "com.sun.xml.ws.transport.https.client.SSLSocketFactory", tls(args[5], args[6], args[7]).getSocketFactory());
        if (!args[8].equals("-")) {
            provider.getRequestContext().put(BindingProvider.USERNAME_PROPERTY, args[8]);
            provider.getRequestContext().put(BindingProvider.PASSWORD_PROPERTY, Files.readString(Path.of(args[9])).trim());
        }
        if (!args[10].equals("-")) {
            String bearer = "Bearer " + Files.readString(Path.of(args[10])).trim();
            provider.getRequestContext().put(
                MessageContext.HTTP_REQUEST_HEADERS, Map.of("Authorization", List.of(bearer)));
        }
        JAXBContext jaxb = JAXBContext.newInstance(portType.getAnnotation(javax.xml.bind.annotation.XmlSeeAlso.class).value());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] call = line.split("\t");
            System.out.println(call(port, portType, jaxb, call[0], Base64.getDecoder().decode(call[1])));
        }
    }

    private static String call(Object port, Class<?> portType, JAXBContext jaxb, String operation, byte[] xml) throws Exception {
        Method method = Arrays.stream(portType.getMethods())
            .filter(it -> it.getAnnotation(javax.jws.WebMethod.class).operationName().equals(operation)
                || it.getName().equalsIgnoreCase(operation))
            .findFirst().orElseThrow();
        Object request = jaxb.createUnmarshaller().unmarshal(new StreamSource(new ByteArrayInputStream(xml)));
        if (request instanceof JAXBElement) request = ((JAXBElement<?>) request).getValue();
        Object[] arguments = arguments(method, request);
        String outcome;
        try {
            Object answer = answer(method, method.invoke(port, arguments), arguments);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            jaxb.createMarshaller().marshal(element(method, answer), out);
            outcome = "\"answerXml\":\"" + Base64.getEncoder().encodeToString(out.toByteArray()) + "\"";
        } catch (InvocationTargetException thrown) {
            outcome = "\"fault\":" + failure(thrown.getCause());
        }
        return "{\"operation\":\"" + operation + "\"," + outcome + "}";
    }

    /** What the generated method takes: the properties of the request's wrapper, or the request itself. */
    private static Object[] arguments(Method method, Object request) throws Exception {
        if (method.getAnnotation(RequestWrapper.class) == null) return new Object[] {request};
        Parameter[] parameters = method.getParameters();
        Object[] arguments = new Object[parameters.length];
        for (int at = 0; at < parameters.length; at++) {
            WebParam param = parameters[at].getAnnotation(WebParam.class);
            Object value = param.mode() == WebParam.Mode.OUT ? null : get(request, param.name());
            arguments[at] = param.mode() == WebParam.Mode.IN ? value : new Holder<>(value);
        }
        return arguments;
    }

    /** The response's wrapper again, from what the generated method has given back. */
    private static Object answer(Method method, Object result, Object[] arguments) throws Exception {
        ResponseWrapper wrapper = method.getAnnotation(ResponseWrapper.class);
        if (wrapper == null) return result;
        Object answer = Class.forName(wrapper.className()).getDeclaredConstructor().newInstance();
        WebResult named = method.getAnnotation(WebResult.class);
        if (named != null) set(answer, named.name(), result);
        Parameter[] parameters = method.getParameters();
        for (int at = 0; at < parameters.length; at++) {
            if (arguments[at] instanceof Holder) {
                set(answer, parameters[at].getAnnotation(WebParam.class).name(), ((Holder<?>) arguments[at]).value);
            }
        }
        return answer;
    }

    /** With its name: the class of a type that several elements have bears none. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static JAXBElement<?> element(Method method, Object answer) {
        ResponseWrapper wrapper = method.getAnnotation(ResponseWrapper.class);
        WebResult result = method.getAnnotation(WebResult.class);
        QName name = wrapper == null
            ? new QName(result.targetNamespace(), result.name())
            : new QName(wrapper.targetNamespace(), wrapper.localName());
        return new JAXBElement(name, answer.getClass(), answer);
    }

    private static Object get(Object bean, String name) throws Exception {
        return accessor(bean, name, "get", "is").invoke(bean);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void set(Object bean, String name, Object value) throws Exception {
        if (value == null) return;
        if (value instanceof List) ((List) get(bean, name)).addAll((List) value);
        else accessor(bean, name, "set").invoke(bean, value);
    }

    private static Method accessor(Object bean, String name, String... prefixes) {
        return Arrays.stream(bean.getClass().getMethods())
            .filter(it -> Arrays.stream(prefixes).anyMatch(prefix -> it.getName().equalsIgnoreCase(prefix + name)))
            .findFirst().orElseThrow(() -> new IllegalStateException(bean.getClass() + " has no " + name));
    }

    /** The declared fault: its class is generated, too, and bears the failure. Any other refusal only says so. */
    private static String failure(Throwable thrown) throws Exception {
        if (thrown instanceof WebServiceException) return "{\"text\":" + text(thrown.getMessage()) + ",\"failure\":null}";
        Object failure = thrown.getClass().getMethod("getFaultInfo").invoke(thrown);
        return "{\"text\":" + text(thrown.getMessage()) + ",\"failure\":{\"code\":" + text(get(failure, "code"))
            + ",\"message\":" + text(get(failure, "message")) + "}}";
    }

    private static String text(Object value) {
        return "\"" + String.valueOf(value).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static SSLContext tls(String ca, String certificate, String key) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(ca));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (!certificate.equals("-")) {
            own.setKeyEntry("own", key(key), new char[0], new Certificate[] {certificate(certificate)});
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(String path) throws Exception {
        return CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(Path.of(path)));
    }

    private static PrivateKey key(String path) throws Exception {
        String pem = Files.readString(Path.of(path)).replaceAll("-----[^-]*-----|\\s", "");
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }
}
