// The public map. Words and addresses come from attributes of the page; without this script the list beside it is the way.
(function () {
  "use strict";
  var box = document.getElementById("map");
  if (!box || !window.L || !window.fetch) return;
  var say = JSON.parse(box.dataset.words);
  var STATES = ["open", "late", "fixed"];
  box.hidden = false;
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var map = L.map(box, { scrollWheelZoom: false, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, attributionControl: false, maxZoom: 18 });
  map.zoomControl.remove();
  L.control.zoom({ zoomInTitle: say.zoom_in, zoomOutTitle: say.zoom_out }).addTo(map);
  if (box.dataset.tiles) {
    L.control.attribution({ prefix: false }).addTo(map);
    L.tileLayer(box.dataset.tiles, { attribution: text(box.dataset.by), maxZoom: 18 }).addTo(map);
  }

  function text(words) {
    var holder = document.createElement("span");
    holder.textContent = words;
    return holder.innerHTML;
  }

  function sign(state, kind) {
    return L.divIcon({ className: "pin " + STATES[state], html: "<span aria-hidden=\"true\">" + text(kind.split(" ")[0]) + "</span>", iconSize: [34, 34], popupAnchor: [0, -14] });
  }

  function popup(point, kind) {
    var holder = document.createElement("div");
    var link = document.createElement("a");
    link.href = "/cases/" + encodeURIComponent(point[2]) + "?lang=" + document.documentElement.lang;
    link.textContent = kind;
    var more = document.createElement("div");
    more.textContent = point[2] + " · " + say[STATES[point[4]]];
    holder.append(link, more);
    return holder;
  }

  function group(cluster) {
    var count = cluster.getChildCount();
    var name = say.group.replace("{n}", count);
    return L.divIcon({ className: "pin group", html: "<span title=\"" + text(name) + "\">" + count + "</span>", iconSize: [42, 42] });
  }

  function draw(data) {
    var edges = [];
    data.areas.forEach(function (area) {
      var circle = L.circle([area[1], area[2]], { radius: area[3], className: "area", weight: 1, interactive: false }).addTo(map);
      edges.push(circle.getBounds());
      L.marker([area[1], area[2]], { icon: L.divIcon({ className: "area-name", html: text(area[0]), iconSize: [110, 20] }), interactive: false, keyboard: false }).addTo(map);
    });
    var most = Math.max.apply(null, data.cells.map(function (cell) { return cell[2] + cell[3]; }).concat(1));
    data.cells.forEach(function (cell) {
      L.circle([cell[0], cell[1]], { radius: 90 + 200 * Math.sqrt((cell[2] + cell[3]) / most), className: "cell", weight: 0, interactive: false }).addTo(map);
    });
    var pins = L.markerClusterGroup({ iconCreateFunction: group, maxClusterRadius: 44, showCoverageOnHover: false, animate: !calm, chunkedLoading: true });
    var near = [];
    data.points.forEach(function (point) {
      var kind = data.kinds[point[3]];
      var name = kind + ", " + point[2] + ", " + say[STATES[point[4]]];
      var pin = L.marker([point[0], point[1]], { icon: sign(point[4], kind), title: name, alt: name });
      pin.bindPopup(popup(point, kind));
      pins.addLayer(pin);
      near.push([point[0], point[1]]);
    });
    map.addLayer(pins);
    if (near.length) map.fitBounds(L.latLngBounds(near).pad(0.1), { maxZoom: 14 });
    else if (edges.length) map.fitBounds(edges.reduce(function (all, edge) { return all.extend(edge); }, L.latLngBounds(edges[0])));
  }

  fetch(box.dataset.from).then(function (answer) {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }).then(draw).catch(function () { box.hidden = true; });
})();
