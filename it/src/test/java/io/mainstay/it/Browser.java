package io.mainstay.it;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Debian's Chromium without a window, driven through its `chromedriver`. Nothing is downloaded: both are found on the `PATH` or the test
/// is skipped, or fails where `MAINSTAY_CI` is `true`, as a check that checks nothing is none.
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser open() {
        Optional<Path> chromium = program("chromium");
        Optional<Path> chromedriver = program("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String sentence =
                    "the console was not tested in a browser: install the packages chromium and chromium-driver";
            if ("true".equals(System.getenv("MAINSTAY_CI"))) {
                Assertions.fail(sentence);
            }
            System.out.println("Skipped: " + sentence);
            Assumptions.abort(sentence);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--window-size=1440,900");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void go(String url) {
        driver.get(url);
    }

    /// Waits until the page shows this text somewhere.
    void awaitText(String text) {
        awaitText("body", text);
    }

    /// Waits until an element shows this text.
    void awaitText(String selector, String text) {
        Conditions.await(
                selector + " with '" + text + "'",
                PATIENCE,
                () -> texts(selector).stream().anyMatch(shown -> shown.contains(text)));
    }

    /// Waits until no element shows this text any more.
    void awaitNoText(String selector, String text) {
        Conditions.await(
                selector + " without '" + text + "'",
                PATIENCE,
                () -> texts(selector).stream().noneMatch(shown -> shown.contains(text)));
    }

    /// What the elements show, read in one step: the page may change at any time.
    @SuppressWarnings("unchecked")
    List<String> texts(String selector) {
        return (List<String>)
                script(
                        "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)",
                        selector);
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /// Clicks the link or button with this text, when there is one.
    void click(String text) {
        Conditions.await("a link or button '" + text + "'", PATIENCE, () -> clicked(text));
    }

    private boolean clicked(String text) {
        try {
            for (WebElement each : driver.findElements(By.cssSelector("a, button"))) {
                if (each.getText().equals(text)) {
                    each.click();
                    return true;
                }
            }
        } catch (StaleElementReferenceException changed) {
            // The page went on meanwhile: look again.
        }
        return false;
    }

    void choose(String selector, String value) {
        Conditions.await(
                "the choice '" + value + "' of " + selector,
                PATIENCE,
                () -> {
                    // An option whose text is its value has no attribute for it.
                    driver.findElements(By.cssSelector(selector + " option")).stream()
                            .filter(option -> value.equals(option.getDomProperty("value")))
                            .findFirst()
                            .orElseThrow()
                            .click();
                    return true;
                });
    }

    /// Types into the empty field of a form with this name.
    void fill(String name, String text) {
        Conditions.await(
                "a field '" + name + "'",
                PATIENCE,
                () -> {
                    WebElement field = driver.findElement(By.name(name));
                    field.clear();
                    field.sendKeys(text);
                    return true;
                });
    }

    /// Types where the focus is.
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void press(Keys key) {
        type(key);
    }

    /// Makes the window so wide.
    void width(int pixels) {
        driver.manage().window().setSize(new Dimension(pixels, 900));
    }

    /// What the browser itself complained about since the last call: errors of scripts, refusals by the content security policy.
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            complaints.add(entry.getLevel() + " " + entry.getMessage());
        }
        return complaints;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
