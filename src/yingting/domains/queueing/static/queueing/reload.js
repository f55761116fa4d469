// A page that waits for something to change elsewhere loads itself anew after data-reload-after seconds.
const waiting = document.querySelector("[data-reload-after]");
if (waiting) setTimeout(() => location.reload(), Number(waiting.dataset.reloadAfter) * 1000);
