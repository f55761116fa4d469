// Draws the picture of the day; the tables say the same.
document.addEventListener("DOMContentLoaded", () => {
  const told = document.getElementById("twin-charts");
  if (!told || !window.echarts) return;
  for (const [name, option] of Object.entries(JSON.parse(told.textContent))) {
    const place = document.querySelector(`[data-chart="${name}"]`);
    const chart = window.echarts.init(place);
    chart.setOption(option);
    new ResizeObserver(() => chart.resize()).observe(place);
  }
});
