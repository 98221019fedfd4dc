/* Behaviour of a web map. All texts come from the table of the page: tooltips, search and announcements can never
   say anything else than the table. Texts are set as text, never as html. */
"use strict";
function startWebkaart(d, c) {
  var kaart = d.kaart, vlakken = d.vlakken, actief = 0, gekozen = -1;
  var rijen = Array.from(document.querySelectorAll("#tabel tbody tr"));
  var klassen = rijen.map(function (r) { return r.dataset.k.split(" ").map(Number); });
  var zoek = document.getElementById("zoek"), melding = document.getElementById("melding");
  var vak = document.getElementById("gekozen"), rustig = matchMedia("(prefers-reduced-motion: reduce)").matches;
  var laagVan = {}, past = false;

  function el(soort, tekst, klasse) {
    var e = document.createElement(soort);
    if (tekst !== undefined) e.textContent = tekst;
    if (klasse) e.className = klasse;
    return e;
  }
  function cel(rij, kolom) { return rijen[rij].cells[kolom].textContent.trim(); }
  function naam(rij) { return cel(rij, 0); }
  function groot(t) { return t.charAt(0).toUpperCase() + t.slice(1); }
  function regels(rij, laag, kort) {
    // pairs of what and value; cells without a value are left out, but for the value itself; in short without what
    // the table holds under another layer
    return (kort ? laag.kolommen : laag.kolommen.concat(laag.ook)).map(function (k, n) {
      var waarde = cel(rij, k[1]);
      if (n && (waarde === "–" || waarde === "")) return null;
      return [groot(n ? k[0] : laag.waardenaam), waarde + (k[2] && /\d/.test(waarde) ? " " + k[2] : "")];
    }).filter(Boolean);
  }

  // --- colours -------------------------------------------------------------------------------------------------
  function stijl(rij) {
    var aan = rij === gekozen;
    return { fillColor: c.lagen[actief].kleuren[klassen[rij][actief]], fillOpacity: c.achtergrond ? 0.72 : 1,
      color: aan ? "#134a7c" : c.rand, weight: aan ? 3.5 : 0.7, opacity: 1 };
  }
  function kleur() {
    vlakken.eachLayer(function (l) { l.setStyle(stijl(l.feature.id)); });
    if (gekozen >= 0 && laagVan[gekozen]) laagVan[gekozen].bringToFront();
  }

  // --- tooltips ------------------------------------------------------------------------------------------------
  function tip(rij) {
    var laag = c.lagen[actief], uit = el("div", undefined, "tip");
    uit.dir = "auto";
    uit.append(el("strong", naam(rij)));
    regels(rij, laag).forEach(function (r) { uit.append(el("span", r[0] + ": " + r[1])); });
    laag.voet.forEach(function (r) { uit.append(el("span", r, "zacht")); });
    return uit;
  }

  function heel(beweeg) {
    // in a notebook the frame may have no size yet; it is fitted once it has
    var maat = kaart.getSize();
    past = maat.x > 0 && maat.y > 0;
    if (!past) return;
    // the line of the source stands in the lower corner
    kaart.fitBounds(c.grenzen, { animate: beweeg, paddingTopLeft: [4, 4], paddingBottomRight: [4, 24] });
  }

  // --- choosing an area ----------------------------------------------------------------------------------------
  function zeg(tekst) { melding.textContent = tekst; }
  function toonGekozen() {
    var oud = vak.querySelector(".inhoud");
    if (oud) oud.remove();
    vak.hidden = gekozen < 0;
    if (gekozen < 0) return;
    var nieuw = el("div", undefined, "inhoud");
    var kop = el("h2");
    kop.append(el("bdi", naam(gekozen)));
    nieuw.append(kop);
    c.lagen.forEach(function (laag) {
      var lijst = el("dl");
      regels(gekozen, laag, true).forEach(function (r) { lijst.append(el("dt", r[0]), el("dd", r[1])); });
      nieuw.append(lijst);
    });
    vak.append(nieuw);
  }
  function kies(rij, inzoomen) {
    if (gekozen >= 0) rijen[gekozen].classList.remove("aan");
    gekozen = rij;
    vlakken.eachLayer(function (l) { if (l.feature.id !== rij) l.closeTooltip(); });
    kleur();
    toonGekozen();
    if (rij < 0) return;
    rijen[rij].classList.add("aan");
    var laag = laagVan[rij];
    if (laag && inzoomen) {
      // wide enough to see what lies around
      kaart.fitBounds(laag.getBounds().pad(0.7), { maxZoom: c.maxZoom - 1, animate: !rustig });
      laag.openTooltip(L.latLng(c.labels[rij][0], c.labels[rij][1]));
    }
    zeg(naam(rij) + ". " + regels(rij, c.lagen[actief]).map(function (r) { return r[0] + ": " + r[1]; }).join("; ")
      + (laag ? "." : ". Dit gebied heeft geen vlak op de kaart."));
  }
  vlakken.eachLayer(function (l) {
    laagVan[l.feature.id] = l;
    l.bindTooltip(function (w) { return tip(w.feature.id); }, { sticky: true, opacity: 1, className: "tipvak" });
    l.on("click", function () { kies(l.feature.id, false); });
    // a listener for focus makes each shape a stop of the Tab key; search and table are the way by keyboard
    l.getElement().setAttribute("tabindex", "-1");
  });

  // --- search --------------------------------------------------------------------------------------------------
  function plat(t) {
    return t.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2018\u2019\u02bc`']/g, "'").toLowerCase()
      .replace(/\s+/g, " ").trim();
  }
  var namen = rijen.map(function (r) { return plat(r.cells[0].textContent); });
  var groepen = rijen.map(function (r) { return plat(r.dataset.g || ""); });
  function toonGroep(groep) {
    var leden = [], grens = null;
    groepen.forEach(function (g, n) { if (g === groep) leden.push(n); });
    leden.forEach(function (n) {
      if (laagVan[n]) grens = grens ? grens.extend(laagVan[n].getBounds()) : L.latLngBounds(laagVan[n].getBounds().getSouthWest(), laagVan[n].getBounds().getNorthEast());
    });
    kies(-1, false);
    if (grens) kaart.fitBounds(grens, { padding: [20, 20], animate: !rustig });
    zeg(rijen[leden[0]].dataset.g + ": " + leden.length + " " + c.soort + " in beeld.");
  }
  function zoekOp(tekst) {
    var t = plat(tekst), goed = [];
    if (!t) { kies(-1, false); zeg("Typ de naam van een gebied."); return; }
    var exact = namen.indexOf(t);
    if (exact >= 0) { kies(exact, true); return; }
    var bijna = Array.from(new Set(groepen.filter(function (g) { return g.startsWith(t); })));
    if (groepen.indexOf(t) >= 0 || bijna.length === 1) { toonGroep(groepen.indexOf(t) >= 0 ? t : bijna[0]); return; }
    namen.forEach(function (n, i) { if (n.startsWith(t)) goed.push(i); });
    if (!goed.length) namen.forEach(function (n, i) { if (n.includes(t)) goed.push(i); });
    if (goed.length === 1) { zoek.value = naam(goed[0]); kies(goed[0], true); return; }
    kies(-1, false);
    if (!goed.length) { zeg("Geen gebied gevonden met de naam “" + tekst.trim() + "”."); return; }
    zeg(goed.length + " gebieden gevonden: " + goed.slice(0, 8).map(naam).join(", ")
      + (goed.length > 8 ? " …" : "") + ". Typ meer letters of kies een naam uit de lijst.");
  }
  // no form: inside a notebook's frame a form may not be sent, and then says nothing at all
  document.getElementById("zoekknop").addEventListener("click", function () { zoekOp(zoek.value); });
  zoek.addEventListener("keydown", function (e) { if (e.key === "Enter") zoekOp(zoek.value); });
  zoek.addEventListener("change", function () {
    // a name chosen from the list: no need to press the button
    var t = plat(zoek.value);
    if (t && (namen.indexOf(t) >= 0 || groepen.indexOf(t) >= 0)) zoekOp(zoek.value);
  });
  document.getElementById("heel").addEventListener("click", function () {
    zoek.value = "";
    kies(-1, false);
    heel(!rustig);
    zeg("De hele kaart is in beeld.");
  });

  // --- layer switch --------------------------------------------------------------------------------------------
  var bronvak = L.control({ position: "bottomright" });
  bronvak.onAdd = function () { this.vak = el("div", undefined, "leaflet-control-attribution"); return this.vak; };
  bronvak.addTo(kaart);
  function toonLaag(n) {
    actief = n;
    document.body.dataset.laag = n;
    c.lagen.forEach(function (laag, m) { document.getElementById("sleutel-" + m).hidden = m !== n; });
    // on paper only the source of what is shown
    document.querySelectorAll(".bron[data-l]").forEach(function (b) {
      b.classList.toggle("anders", b.dataset.l.split(" ").indexOf(String(n)) < 0);
    });
    kaart.getContainer().setAttribute("aria-describedby", "samenvatting-" + n);
    bronvak.vak.textContent = c.lagen[n].bron + (c.achtergrond ? " | " + c.achtergrond : "");
    kleur();
    vlakken.eachLayer(function (l) { if (l.isTooltipOpen()) l.setTooltipContent(l.getTooltip()._content); });
  }
  document.querySelectorAll('input[name="laag"]').forEach(function (r) {
    r.addEventListener("change", function () {
      if (!r.checked) return;
      toonLaag(Number(r.value));
      if (gekozen >= 0) kies(gekozen, false); else zeg("De kaart toont nu: " + c.lagen[actief].naam + ".");
    });
  });

  // --- the table: one stop for Tab, arrows between areas --------------------------------------------------------
  var knoppen = rijen.map(function (r) { return r.querySelector("button"); });
  document.querySelector("#tabel tbody").addEventListener("keydown", function (e) {
    var hier = knoppen.indexOf(document.activeElement);
    var naar = { ArrowDown: hier + 1, ArrowUp: hier - 1, Home: 0, End: knoppen.length - 1 }[e.key];
    if (hier < 0 || naar === undefined || !knoppen[naar]) return;
    e.preventDefault();
    knoppen[hier].tabIndex = -1;
    knoppen[naar].tabIndex = 0;
    knoppen[naar].focus();
  });
  knoppen.forEach(function (k, n) {
    k.addEventListener("click", function () {
      kies(n, true);
      document.getElementById("kaartvak").scrollIntoView({ block: "start", behavior: rustig ? "auto" : "smooth" });
    });
  });

  // --- names on the map, where they fit in their area ----------------------------------------------------------
  var namenlaag = kaart.createPane("namen");
  namenlaag.style.zIndex = 450;
  namenlaag.style.pointerEvents = "none";
  namenlaag.setAttribute("aria-hidden", "true");
  var borden = [];
  function breek(tekst) {
    // a long name on two lines, broken at the space that lies nearest to its middle
    var beste = -1, midden = tekst.length / 2;
    for (var i = tekst.indexOf(" "); i > 0; i = tekst.indexOf(" ", i + 1))
      if (beste < 0 || Math.abs(i - midden) < Math.abs(beste - midden)) beste = i;
    return tekst.length < 10 || beste < 0 ? [tekst] : [tekst.slice(0, beste), tekst.slice(beste + 1)];
  }
  function past_in(plek, lijnen) {
    var straal = plek[2] / (40075016.7 * Math.cos(plek[0] * Math.PI / 180) / Math.pow(2, kaart.getZoom() + 8));
    var breed = Math.max.apply(null, lijnen.map(function (r) { return r.length; }));
    return 2 * straal >= breed * 5.6 && straal >= 9 * lijnen.length;
  }
  function heel_in_beeld(plek, lijnen) {
    var p = kaart.latLngToContainerPoint([plek[0], plek[1]]), maat = kaart.getSize();
    var half = 3.2 * Math.max.apply(null, lijnen.map(function (r) { return r.length; }));
    return p.x > half && p.x < maat.x - half && p.y > 8 * lijnen.length && p.y < maat.y - 24 - 8 * lijnen.length;
  }
  function bord(plek, tekst, klasse) {
    var vel = el("div"), icoon = L.divIcon({ className: "gebiedsnaam", iconSize: [0, 0], html: vel });
    vel.className = klasse;
    vel.append(el("bdi", tekst));
    var b = L.marker([plek[0], plek[1]], { icon: icoon, pane: "namen", interactive: false, keyboard: false }).addTo(kaart);
    b.getElement().removeAttribute("role");
    b.getElement().removeAttribute("alt");
    borden.push(b);
  }
  function toonNamen() {
    borden.forEach(function (b) { b.remove(); });
    borden = [];
    var zicht = kaart.getBounds().pad(0.1), inZicht = 0, passend = [];
    c.labels.forEach(function (p, n) {
      if (!zicht.contains([p[0], p[1]])) return;
      inZicht += 1;
      var tekst = rijen[n].dataset.kort || naam(n), lijnen = past_in(p, [tekst]) ? [tekst] : breek(tekst);
      if (past_in(p, lijnen)) passend.push([p, lijnen.join("\n")]);
    });
    // a few names that happen to be short tell nothing; then what the areas lie in is named
    if (passend.length >= 0.4 * inZicht) passend.forEach(function (x) { bord(x[0], x[1], ""); });
    else c.streken.forEach(function (s) { if (zicht.contains([s[0], s[1]])) bord(s, s[3], "streek"); });
    c.buurnamen.forEach(function (b) {
      if (past_in(b, breek(b[3])) && heel_in_beeld(b, breek(b[3]))) bord(b, breek(b[3]).join("\n"), "buurnaam");
    });
  }
  kaart.on("zoomend moveend", toonNamen);

  // --- the map itself ------------------------------------------------------------------------------------------
  ["onder", "boven"].forEach(function (p, n) {
    var pane = kaart.createPane(p);
    pane.style.zIndex = n ? 420 : 390;
    pane.style.pointerEvents = "none";
  });
  function zet(laag, pane, s) {
    if (!laag) return;
    kaart.removeLayer(laag);
    laag.options.pane = pane;
    laag.eachLayer(function (l) { l.options.pane = pane; l.options.renderer = tekenaars[pane]; l.options.interactive = false; });
    laag.setStyle(s);
    laag.addTo(kaart);
  }
  var tekenaars = { onder: L.svg({ pane: "onder", padding: 0.4 }), boven: L.svg({ pane: "boven", padding: 0.4 }) };
  zet(d.buren, "onder", { fillColor: c.kleuren.buur, fillOpacity: c.achtergrond ? 0 : 1, color: c.kleuren.buurrand, weight: 0.7 });
  zet(d.water, "onder", { fillColor: c.kleuren.water, fillOpacity: c.achtergrond ? 0 : 1, stroke: false });
  zet(d.rivieren, "boven", { color: c.kleuren.rivier, weight: 1.6, fill: false });
  zet(d.omtrek, "boven", { color: c.kleuren.lijn, weight: 1.1, opacity: 0.75, fill: false });
  L.control.zoom({ zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen" }).addTo(kaart);
  L.control.scale({ imperial: false, position: "topright" }).addTo(kaart);
  var doos = kaart.getContainer();
  doos.setAttribute("role", "application");
  doos.setAttribute("aria-label", "Kaart. Pijltjestoetsen verschuiven de kaart, plus en min zoomen. Kies een gebied met het zoekveld of in de tabel.");
  function opMaat() { kaart.invalidateSize({ animate: false }); heel(false); }
  addEventListener("beforeprint", function () { document.body.classList.add("druk"); opMaat(); });
  addEventListener("afterprint", function () { document.body.classList.remove("druk"); opMaat(); });
  if (window.ResizeObserver) new ResizeObserver(function () { if (past) kaart.invalidateSize({ animate: false }); else opMaat(); }).observe(doos);
  // inside a notebook a link to a place on the page would lead to the notebook's own address
  document.querySelectorAll('a[href^="#"]').forEach(function (a) {
    a.addEventListener("click", function (e) {
      e.preventDefault();
      var doel = document.getElementById(a.getAttribute("href").slice(1));
      doel.scrollIntoView();
      doel.focus();
    });
  });
  toonLaag(0);
  heel(false);
  toonNamen();
  document.documentElement.dataset.klaar = "ja";
}
