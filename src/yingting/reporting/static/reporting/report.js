// Draws the charts of the report. Options come as JSON; without this script the tables beside the charts tell the same.
document.addEventListener("DOMContentLoaded", () => {
  const data = document.getElementById("report-charts");
  if (!data || !window.echarts) return;
  const options = JSON.parse(data.textContent);
  for (const place of document.querySelectorAll("[data-chart]")) {
    const option = options[place.dataset.chart];
    if (!option) continue;
    // A chart with a row for each unit is as tall as its rows.
    if (place.dataset.rows) place.style.height = `${Number(place.dataset.rows) * 28 + 84}px`;
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(option);
    new ResizeObserver(() => chart.resize()).observe(place);
  }
});
