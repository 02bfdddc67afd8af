import { render } from "preact";
import "./style.css";
import { App } from "./app";
import { live } from "./live";

live.start();
render(<App />, document.getElementById("page")!);
