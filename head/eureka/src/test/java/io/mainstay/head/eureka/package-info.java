/// The head against its clients. Start with [EurekaHeadTest]; [StockTransportsTest] lets Netflix's and Spring's code judge.
@NullMarked
package io.mainstay.head.eureka;

import org.jspecify.annotations.NullMarked;
