/** Entry of every page: times tick, forms send, controls work. Nothing imports this file. */
import { startApiForms } from "./api-form.js";
import { startCalls } from "./calls-to-me.js";
import { startControls } from "./controls.js";
import { startFormExtras } from "./form-extras.js";
import { startLeaving } from "./offline-leave.js";
import { startPages } from "./offline-pages.js";
import { startQueue } from "./offline-queue.js";
import { startQueueView } from "./offline-view.js";
import { startScreenLock } from "./screen-lock.js";
import { startSystemFindings } from "./system-findings.js";
import { refreshTicking, refreshTimes } from "./time.js";
import { refreshVolumes } from "./volume.js";

startScreenLock();
startApiForms();
startCalls();
startControls();
startFormExtras();
startLeaving();
startQueueView();
startQueue();
startPages();
startSystemFindings();
refreshTimes();
refreshVolumes();
setInterval(() => {
  refreshTicking();
  refreshVolumes();
}, 1000);
