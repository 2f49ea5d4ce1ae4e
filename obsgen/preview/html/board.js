const figures = JSON.parse(document.getElementById("figures").textContent);
const style = getComputedStyle(document.documentElement);
const ink = style.getPropertyValue("--soft"), line = style.getPropertyValue("--line");
for (const [panel, figure] of Object.entries(figures)) {
  const layout = Object.assign(figure.layout, {paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: {color: ink, size: 11}});
  for (const axis of ["xaxis", "yaxis"]) Object.assign(layout[axis], {gridcolor: line, linecolor: line});
  Plotly.newPlot("plot-" + panel, figure.data, layout, {displayModeBar: false, responsive: true});
}
// For who makes a picture of the page.
document.documentElement.dataset.height = document.documentElement.scrollHeight;
for (const choice of document.querySelectorAll("select")) choice.addEventListener("change", () => choice.form.submit());
