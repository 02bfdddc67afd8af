import { useEffect, useState } from "preact/hooks";

export type Theme = "system" | "light" | "dark";

const KEY = "mainstay.theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

function isDark(theme: Theme): boolean {
  return theme === "system" ? prefersDark.matches : theme === "dark";
}

/** The style sheet knows two sets of colours; which one is on the root element. */
function apply(theme: Theme) {
  document.documentElement.dataset.theme = isDark(theme) ? "dark" : "light";
  dispatchEvent(new Event("themechange"));
}

apply(stored());

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored);
  useEffect(() => {
    const follow = () => apply(theme);
    follow();
    prefersDark.addEventListener("change", follow);
    return () => prefersDark.removeEventListener("change", follow);
  }, [theme]);
  return [
    theme,
    (chosen) => {
      localStorage.setItem(KEY, chosen);
      setTheme(chosen);
    },
  ];
}
