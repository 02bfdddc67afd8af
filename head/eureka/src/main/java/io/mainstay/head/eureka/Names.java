package io.mainstay.head.eureka;

/// What a service name or an instance id may be: anything printable of bounded length, because clients use `:`, `#`, `[`, `?`, `/` and spaces.
final class Names {

    private Names() {}

    /// Returns `name`.
    static String checked(String name) throws BadInputException {
        if (name.length() > EurekaLimits.NAME_LENGTH) {
            throw new BadInputException(
                    "A name has %d characters; at most %d are allowed."
                            .formatted(name.length(), EurekaLimits.NAME_LENGTH));
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) || c == '\uFFFD') {
                throw new BadInputException(
                        "A name holds a control character or bytes that are not UTF-8.");
            }
        }
        return name;
    }
}
