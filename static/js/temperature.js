/**
 * Temperature in °C or °F, as this device was told. Stored is °C to one decimal: whoever types °F sends the
 * °C it stands for in a hidden field beside it, and the figures of the page are shown anew.
 */
import { number } from "./numbers.js";

const KEY = "temperature-unit";
const LIMITS = ["last", "minimum", "maximum"];

/** "c" or "f". */
export function temperatureUnit() {
  return localStorage.getItem(KEY) === "f" ? "f" : "c";
}

/** Tenths of °F for tenths of °C, and back; going there and back again ends where it began. */
export const tenthsF = (tenthsC) => Math.round((tenthsC * 9) / 5 + 320);
export const tenthsC = (tenths) => Math.round(((tenths - 320) * 5) / 9);

/** A temperature in °C as this device shows it, as a number. */
export function shownTemperature(celsius) {
  const tenths = Math.round(Number(celsius) * 10);
  return (temperatureUnit() === "f" ? tenthsF(tenths) : tenths) / 10;
}

/** Digits as typed in any of the languages; "" for what is no number with at most one decimal. */
export function plainTyped(text) {
  const latin = text
    .trim()
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[٫,]/, ".");
  return /^\d+(\.\d)?$/.test(latin) ? latin : "";
}

/** Bring everything that shows a temperature under `root` to this device's unit. */
export function refreshTemperatures(root = document) {
  const unit = temperatureUnit();
  for (const element of root.querySelectorAll("[data-temperature-c]")) element.textContent = number(shownTemperature(element.dataset.temperatureC), { fixed: 1, places: 1 });
  for (const element of root.querySelectorAll("[data-temperature-unit]")) element.textContent = unit === "f" ? "°F" : "°C";
  for (const button of root.querySelectorAll("[data-temperature-choice]")) button.setAttribute("aria-pressed", String(button.dataset.temperatureChoice === unit));
  for (const field of root.querySelectorAll("input[data-temperature]")) showField(field, unit);
}

function showField(field, unit) {
  for (const limit of LIMITS) {
    const celsius = (field.dataset[`${limit}C`] ??= field.dataset[limit] ?? "");
    field.dataset[limit] = celsius === "" ? "" : shownTemperature(celsius).toFixed(1);
  }
  if (field.dataset.last) field.placeholder = number(field.dataset.last, { fixed: 1, places: 1 });
  const carrier = carrierOf(field);
  const was = field.dataset.unit ?? "c";
  const typed = plainTyped(field.value);
  if (was !== unit && typed) {
    const tenths = Math.round(Number(typed) * 10);
    field.value = number((unit === "f" ? tenthsF(tenths) : tenthsC(tenths)) / 10, { fixed: 1, places: 1 });
  }
  field.dataset.unit = unit;
  field.name = unit === "f" ? "" : carrier.dataset.carries;
  carrier.name = unit === "f" ? carrier.dataset.carries : "";
  carry(field);
}

function carrierOf(field) {
  const beside = field.parentElement.querySelector("[data-carries]");
  if (beside) return beside;
  const carrier = Object.assign(document.createElement("input"), { type: "hidden" });
  carrier.dataset.carries = field.name;
  field.after(carrier);
  return carrier;
}

function carry(field) {
  const typed = plainTyped(field.value);
  // What is no number goes as it is: the server says what is wrong with it.
  carrierOf(field).value = typed ? (tenthsC(Math.round(Number(typed) * 10)) / 10).toFixed(1) : field.value;
}

/** A temperature in °C put into a field. */
export function putTemperature(field, celsius) {
  field.value = celsius === "" ? "" : number(shownTemperature(celsius), { fixed: 1, places: 1 });
  carry(field);
}

/** The last value in °C, as a refreshed page has it. */
export function ghostTemperature(field, celsius) {
  field.dataset.lastC = celsius;
  showField(field, temperatureUnit());
}

export function startTemperatures() {
  refreshTemperatures();
  document.addEventListener("click", (event) => {
    const choice = event.target.closest?.("[data-temperature-choice]");
    if (!choice) return;
    localStorage.setItem(KEY, choice.dataset.temperatureChoice);
    refreshTemperatures();
    document.dispatchEvent(new CustomEvent("temperature-unit"));
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input[data-temperature]")) carry(event.target);
  });
  document.addEventListener("reset", (event) => setTimeout(() => refreshTemperatures(event.target)));
}
