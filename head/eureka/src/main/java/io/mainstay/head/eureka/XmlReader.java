package io.mainstay.head.eureka;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads an instance as older clients send it in XML. A document type is refused at sight: no entity is ever expanded.
final class XmlReader {

    private static final XMLInputFactory FACTORY = factory();

    private XmlReader() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    static InstanceDocument instance(byte[] body) throws BadInputException {
        try {
            XMLStreamReader reader =
                    FACTORY.createXMLStreamReader(new ByteArrayInputStream(body), null);
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException broken) {
            int line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNumber();
            throw new BadInputException(
                    "The body is not valid XML (line %d).".formatted(line), broken);
        }
    }

    private static InstanceDocument read(XMLStreamReader reader)
            throws XMLStreamException, BadInputException {
        InstanceDocument document = new InstanceDocument();
        boolean root = false;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new BadInputException("Document types and entities are refused.");
                case XMLStreamConstants.START_ELEMENT -> {
                    if (!reader.getLocalName().equals("instance")) {
                        throw new BadInputException("The root element is not <instance>.");
                    }
                    root = true;
                    readElement(reader, document, null, 1);
                }
                default -> {
                    // White space, comments and processing instructions around the root.
                }
            }
        }
        if (!root) {
            throw new BadInputException("The body is empty.");
        }
        return document;
    }

    /// Reads up to the end of the element that has begun; `path` is `null` for the root.
    private static void readElement(
            XMLStreamReader reader, InstanceDocument document, @Nullable String path, int depth)
            throws XMLStreamException, BadInputException {
        if (depth > EurekaLimits.DEPTH) {
            throw new BadInputException("The XML is nested too deeply.");
        }
        if (path != null) {
            document.begin(path);
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                document.put(
                        path + ".@" + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
        }
        StringBuilder text = new StringBuilder();
        boolean leaf = true;
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    leaf = false;
                    String name = XmlNames.decode(reader.getLocalName());
                    readElement(
                            reader, document, path == null ? name : path + "." + name, depth + 1);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                        text.append(reader.getText());
                case XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new BadInputException("Entities are refused.");
                case XMLStreamConstants.END_ELEMENT -> {
                    if (path != null && leaf) {
                        put(document, path, text);
                    } else if (path != null && InstanceDocument.mustBeScalar(path)) {
                        throw new BadInputException("%s is not a plain value.".formatted(path));
                    }
                    return;
                }
                default -> {
                    // Comments and processing instructions say nothing.
                }
            }
        }
    }

    private static void put(InstanceDocument document, String path, StringBuilder text)
            throws BadInputException {
        boolean emptyObject =
                switch (path) {
                    case "metadata", "leaseInfo", "dataCenterInfo", "dataCenterInfo.metadata" ->
                            true;
                    default -> false;
                };
        if (!emptyObject) {
            boolean owners = path.contains("metadata.");
            document.put(path, owners ? text.toString() : text.toString().strip());
        }
    }
}
