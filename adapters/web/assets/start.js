import { pickable } from "./people.js";

pickable(document.querySelector(".people"), document.getElementById("problem"));
