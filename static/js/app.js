/** Entry of every page: times tick, forms send, controls work. Nothing imports this file. */
import { startApiForms } from "./api-form.js";
import { startControls } from "./controls.js";
import { startFormExtras } from "./form-extras.js";
import { refreshTicking, refreshTimes } from "./time.js";
import { refreshVolumes } from "./volume.js";

startApiForms();
startControls();
startFormExtras();
refreshTimes();
refreshVolumes();
setInterval(() => {
  refreshTicking();
  refreshVolumes();
}, 1000);
