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

  function sign(state, kind, here) {
    return L.divIcon({ className: "pin pin-" + STATES[state] + (here ? " here" : ""), html: "<span aria-hidden=\"true\">" + text(kind.split(" ")[0]) + "</span>", iconSize: [34, 34], popupAnchor: [0, -14] });
  }

  function popup(point, kind) {
    var holder = document.createElement("div");
    var link = document.createElement("a");
    link.href = (box.dataset.link || "/cases/") + encodeURIComponent(point[2]) + "?lang=" + document.documentElement.lang;
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

  function name(words, lat, lon, look) {
    L.marker([lat, lon], { icon: L.divIcon({ className: look, html: "<span>" + text(words) + "</span>", iconSize: [130, 20] }), interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
  }

  // Names of places would only be in the way as long as the whole city is seen.
  function near() {
    box.classList.toggle("near", map.getZoom() >= 14);
  }

  // Where the cases lie; without any, all areas of the city.
  function view(data) {
    if (box.dataset.here) return L.latLng(data.points[0][0], data.points[0][1]).toBounds(box.dataset.tiles ? 500 : 4000);
    if (data.points.length > 1) return L.latLngBounds(data.points.map(function (point) { return [point[0], point[1]]; })).pad(0.08);
    return data.areas.reduce(function (all, area) {
      return all.extend(L.latLng(area[1], area[2]).toBounds(2 * area[3]));
    }, L.latLngBounds([]));
  }

  function draw(data) {
    map.fitBounds(view(data), { maxZoom: box.dataset.here ? 17 : 14, animate: false });
    data.areas.forEach(function (area) {
      var look = { className: "area", weight: 1, interactive: false };
      if (area[4].length) L.polygon(area[4], look).addTo(map);
      else L.circle([area[1], area[2]], Object.assign({ radius: area[3] }, look)).addTo(map);
      name(area[0], area[4].length ? area[1] : area[1] + area[3] / 111320, area[2], "area-name");
    });
    data.places.forEach(function (place) { name(place[0], place[1], place[2], "place-name"); });
    map.on("zoomend", near);
    near();
    var most = Math.max.apply(null, data.cells.map(function (cell) { return cell[2] + cell[3]; }).concat(1));
    data.cells.forEach(function (cell) {
      L.circle([cell[0], cell[1]], { radius: 90 + 200 * Math.sqrt((cell[2] + cell[3]) / most), className: "cell", weight: 0, interactive: false }).addTo(map);
    });
    var pins = L.markerClusterGroup({ iconCreateFunction: group, maxClusterRadius: 36, showCoverageOnHover: false, animate: !calm, chunkedLoading: true });
    data.points.forEach(function (point) {
      var kind = data.kinds[point[3]];
      var name = kind + ", " + point[2] + ", " + say[STATES[point[4]]];
      var pin = L.marker([point[0], point[1]], { icon: sign(point[4], kind, point[2] === box.dataset.here), title: name, alt: name });
      if (point[2] !== box.dataset.here) pin.bindPopup(popup(point, kind));
      (point[2] === box.dataset.here ? map : pins).addLayer(pin);
    });
    map.addLayer(pins);
  }

  fetch(box.dataset.from).then(function (answer) {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }).then(draw).catch(function (fault) {
    box.hidden = true;
    console.error(fault);
  });
})();
