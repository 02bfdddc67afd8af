package io.mainstay.head.eureka;

import io.mainstay.head.eureka.Envelope.Part;
import io.mainstay.registry.api.RegistryView.Kind;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

import java.util.ArrayList;
import java.util.List;

/// What is sent to a Eureka server as its peer, and what it answers.
final class PeerJson {

    /// @param entity the registration that the peer holds, if it told one
    record ItemAnswer(int status, @Nullable InstanceDocument entity) {}

    private PeerJson() {}

    /// The body of `POST peerreplication/batch/`.
    static byte[] batch(List<PeerItem> items) {
        Buffer json = Buffer.buffer("{\"replicationList\":[");
        for (int i = 0; i < items.size(); i++) {
            json.appendString(i == 0 ? "{" : ",{");
            append(json, items.get(i));
            json.appendString("}");
        }
        return json.appendString("]}").getBytes();
    }

    private static void append(Buffer json, PeerItem item) {
        json.appendString("\"appName\":").appendBytes(InstanceJson.quoted(item.key().service()));
        json.appendString(",\"id\":").appendBytes(InstanceJson.quoted(item.key().instanceId()));
        json.appendString(",\"action\":\"" + item.action() + "\"");
        if (item.instance() != null) {
            InstanceFields fields = new InstanceFields(item.instance());
            json.appendString(",\"lastDirtyTimestamp\":" + fields.lastDirtyMs());
            json.appendString(",\"status\":\"" + item.status() + "\"");
            json.appendString(",\"overriddenStatus\":\"" + fields.overriddenStatus() + "\"");
            if (item.action() == PeerItem.Action.Register) {
                Part part = new Part(Form.JSON.encode(item.instance()), Kind.ADDED);
                json.appendString(",\"instanceInfo\":").appendBytes(part.encoded());
                json.appendBytes(Form.JSON.tail(part.kind()));
            }
        }
    }

    /// The answer to a batch, one for each item in order.
    static List<ItemAnswer> answers(byte[] body) throws BadInputException {
        List<ItemAnswer> answers = new ArrayList<>();
        try (JsonParser parser = JsonReader.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean list = parser.currentName().equals("responseList");
                if (parser.nextToken() == JsonToken.START_ARRAY && list) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        answers.add(answer(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException broken) {
            throw JsonReader.malformed(broken);
        }
        return answers;
    }

    private static ItemAnswer answer(JsonParser parser) throws BadInputException {
        int status = 0;
        InstanceDocument entity = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("statusCode") && value == JsonToken.VALUE_NUMBER_INT) {
                status = parser.getIntValue();
            } else if (name.equals("responseEntity") && value == JsonToken.START_OBJECT) {
                entity = new InstanceDocument();
                JsonReader.readObject(parser, entity, "", true);
            } else {
                parser.skipChildren();
            }
        }
        return new ItemAnswer(status, entity);
    }

    /// The instances of a full fetch.
    static List<InstanceDocument> applications(byte[] body) throws BadInputException {
        List<InstanceDocument> instances = new ArrayList<>();
        try (JsonParser parser = JsonReader.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            collect(parser, "", instances);
        } catch (JacksonException broken) {
            throw JsonReader.malformed(broken);
        }
        return instances;
    }

    /// `applications` → `application` → `instance`; each of them a list or, as some servers write it, a single one.
    private static void collect(JsonParser parser, String in, List<InstanceDocument> instances)
            throws BadInputException {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (!name.equals(childOf(in))) {
                parser.nextToken();
                parser.skipChildren();
            } else if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    element(parser, name, instances);
                }
            } else if (parser.currentToken() == JsonToken.START_OBJECT) {
                element(parser, name, instances);
            }
        }
    }

    private static void element(JsonParser parser, String name, List<InstanceDocument> instances)
            throws BadInputException {
        if (name.equals("instance")) {
            InstanceDocument document = new InstanceDocument();
            JsonReader.readObject(parser, document, "", false);
            instances.add(document);
        } else {
            collect(parser, name, instances);
        }
    }

    private static String childOf(String name) {
        return switch (name) {
            case "" -> "applications";
            case "applications" -> "application";
            default -> "instance";
        };
    }

    private static void require(boolean isObject) throws BadInputException {
        if (!isObject) {
            throw new BadInputException("The body is not a JSON object.");
        }
    }
}
