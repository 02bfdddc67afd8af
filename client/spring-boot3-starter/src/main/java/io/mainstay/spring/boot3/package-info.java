/// What Spring Boot 3 has in classes of its own: health. All else is in `io.mainstay.spring`.
@NullMarked
package io.mainstay.spring.boot3;

import org.jspecify.annotations.NullMarked;
