/// What Spring Boot 4 has in classes of its own: health. All else is in `io.mainstay.spring`.
@NullMarked
package io.mainstay.spring.boot4;

import org.jspecify.annotations.NullMarked;
