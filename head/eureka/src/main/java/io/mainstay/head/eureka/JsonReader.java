package io.mainstay.head.eureka;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.util.ArrayList;
import java.util.List;

/// Reads what Eureka clients and servers send as JSON, tolerantly: numbers or texts, null or absent, wrapped in `instance` or not.
final class JsonReader {

    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(EurekaLimits.DEPTH)
                                    .maxNameLength(8 << 10)
                                    .maxStringLength(EurekaLimits.REGISTRATION_BYTES)
                                    .maxNumberLength(64)
                                    .build())
                    .build();

    private JsonReader() {}

    static InstanceDocument instance(byte[] body) throws BadInputException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadInputException("The body is not a JSON object.");
            }
            InstanceDocument document = new InstanceDocument();
            readObject(parser, document, "", true);
            if (parser.nextToken() != null) {
                throw new BadInputException("Something follows the JSON object.");
            }
            return document;
        } catch (JacksonException broken) {
            throw malformed(broken);
        }
    }

    /// The items of a peer's batch, in its order.
    static List<ReplicationItem> batch(byte[] body) throws BadInputException {
        List<ReplicationItem> items = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadInputException("The body is not a JSON object.");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean list = parser.currentName().equals("replicationList");
                if (parser.nextToken() == JsonToken.START_ARRAY && list) {
                    readItems(parser, items);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException broken) {
            throw malformed(broken);
        }
        return items;
    }

    private static void readItems(JsonParser parser, List<ReplicationItem> items)
            throws BadInputException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new BadInputException("replicationList holds something else than objects.");
            }
            if (items.size() == EurekaLimits.BATCH_ITEMS) {
                throw new BadInputException(
                        "A batch has more than %d items.".formatted(EurekaLimits.BATCH_ITEMS));
            }
            items.add(readItem(parser));
        }
    }

    private static ReplicationItem readItem(JsonParser parser) throws BadInputException {
        ReplicationItem item = new ReplicationItem();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && name.equals("instanceInfo")) {
                InstanceDocument document = new InstanceDocument();
                readObject(parser, document, "", true);
                item.instance(document);
            } else if (value.isScalarValue()) {
                if (value != JsonToken.VALUE_NULL) {
                    item.put(name, parser.getString());
                }
            } else {
                parser.skipChildren();
            }
        }
        return item;
    }

    /// Reads up to the end of the object that has begun. `wrapped`: a member `instance` here is the instance itself.
    static void readObject(
            JsonParser parser, InstanceDocument document, String prefix, boolean wrapped)
            throws BadInputException {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String path = prefix + parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_NULL) {
                continue;
            }
            if (value.isScalarValue()) {
                document.put(path, parser.getString());
            } else if (InstanceDocument.mustBeScalar(path)) {
                throw new BadInputException("%s is not a plain value.".formatted(path));
            } else if (value == JsonToken.START_OBJECT && wrapped && path.equals("instance")) {
                readObject(parser, document, "", false);
            } else if (value == JsonToken.START_OBJECT && isNested(path)) {
                document.begin(path);
                readObject(parser, document, path + ".", false);
            } else if (isNested(path)) {
                throw new BadInputException("%s is not an object.".formatted(path));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static boolean isNested(String path) {
        return switch (path) {
            case "port",
                    "securePort",
                    "leaseInfo",
                    "metadata",
                    "dataCenterInfo",
                    "dataCenterInfo.metadata" ->
                    true;
            default -> false;
        };
    }

    static BadInputException malformed(JacksonException broken) {
        // The parser's own sentence speaks of its settings.
        int line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
        return new BadInputException(
                "The body is not valid JSON (line %d).".formatted(line), broken);
    }
}
