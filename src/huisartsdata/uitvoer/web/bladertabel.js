/* Sorting and searching of a table in a notebook, with DataTables out of the package itables. Two calls: every table
   calls maakBladertabel; one output per notebook carries the script itself and calls laadBladertabel. */
const hd = (window.hdBladertabel ??= (() => {
  const o = {};
  o.klaar = new Promise((geef) => { o.geef = geef; });
  return o;
})());

const zonderAccent = (t) => t.normalize("NFD").replace(/\p{M}/gu, "");

async function laadBladertabel(b64) {
  if (hd.bezig) return;
  hd.bezig = true;
  const bytes = Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
  const stroom = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const [js, css] = await new Response(stroom).json();
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const adres = URL.createObjectURL(new Blob([js], { type: "text/javascript" }));
  const pakket = await import(adres);
  URL.revokeObjectURL(adres);
  const DataTable = pakket.default ?? pakket.DataTable;
  // what a cell says, without the markup around it
  const kaal = document.createElement("textarea");
  const lees = (s) => { kaal.innerHTML = String(s ?? "").replace(/<[^>]*>/g, ""); return kaal.value; };
  // a missing value stands last, whichever way is sorted
  const leeg = (x) => x === "" || x === null || x === undefined;
  const vergelijk = (kant) => (a, b) => (leeg(a) ? (leeg(b) ? 0 : 1) : leeg(b) ? -1 : kant * (Number(a) - Number(b)));
  const woord = new Intl.Collator("nl", { numeric: true });
  const tekst = (kant) => (a, b) => (leeg(a) ? (leeg(b) ? 0 : 1) : leeg(b) ? -1 : kant * woord.compare(a, b));
  for (const [soort, maak] of [["hd-getal", vergelijk], ["hd-tekst", tekst]]) {
    DataTable.ext.type.order[`${soort}-pre`] = soort === "hd-tekst" ? lees : (x) => x;
    // found with and without its accents
    DataTable.ext.type.search[soort] = (s) => `${lees(s)} ${zonderAccent(lees(s))}`;
    DataTable.ext.type.order[`${soort}-asc`] = maak(1);
    DataTable.ext.type.order[`${soort}-desc`] = maak(-1);
  }
  hd.geef(DataTable);
}

async function maakBladertabel(k) {
  const DataTable = await hd.klaar;
  const zoek = () => document.querySelectorAll(`table[data-blader="${k.merk}"]:not([data-klaar])`);
  // the output may be put in the page a moment after its script runs
  for (let keer = 0; keer < 100 && !zoek().length; keer++) await new Promise((g) => setTimeout(g, 50));
  zoek().forEach((tabel) => {
    tabel.dataset.klaar = "1";
    const vak = tabel.parentElement;
    vak.style.maxHeight = "none";
    const soorten = Array.from(tabel.tHead.rows[0].cells, (c) => c.dataset.soort);
    const aantal = tabel.tBodies[0].rows.length;
    const bladen = aantal > k.rijen, klein = aantal < 5; // a handful of rows needs no search
    const keuzes = [...new Set([k.rijen, 25, 100])].filter((n) => n < aantal).sort((a, b) => a - b);
    const dt = new DataTable(tabel, {
      order: [], autoWidth: false, paging: bladen, pageLength: k.rijen, lengthMenu: [...keuzes, -1],
      language: k.teksten,
      layout: { topStart: klein ? null : "search", topEnd: bladen ? "pageLength" : null, bottomStart: klein ? null : "info", bottomEnd: bladen ? "paging" : null },
      columnDefs: soorten.map((s, n) => ({ targets: n, type: s === "tekst" ? "hd-tekst" : "hd-getal", className: s === "tekst" ? "hd-t" : "hd-n" })),
    });
    if (!klein) vak.querySelector(".dt-search").closest(".dt-layout-row").after(filters(dt, soorten));
  });
}

function filters(dt, soorten) {
  const doos = document.createElement("details");
  doos.className = "hd-filters";
  const kop = doos.appendChild(document.createElement("summary"));
  kop.textContent = "Filter per kolom";
  const rooster = doos.appendChild(document.createElement("div"));
  const wissers = [];
  const veld = (ouder, naam, soort) => {
    const label = ouder.appendChild(document.createElement("label"));
    label.append(Object.assign(document.createElement("span"), { textContent: naam }));
    const in_ = label.appendChild(document.createElement(soort));
    in_.setAttribute("aria-label", naam);
    return in_;
  };
  const getal = (t, procent) => {
    const kaal = t.trim().replace(/%$/, "").replace(/\./g, "").replace(",", ".");
    return kaal === "" || Number.isNaN(Number(kaal)) ? null : Number(kaal) / (procent ? 100 : 1);
  };
  soorten.forEach((soort, n) => {
    const kolom = dt.column(n), naam = kolom.header().textContent.trim() || "(zonder naam)";
    const zet = (functie) => { kolom.search.fixed("hd", functie).draw(); teken(); };
    if (soort === "tekst") {
      const waarden = [...new Set(kolom.nodes().toArray().map((c) => c.textContent))];
      if (waarden.length < 2) return;
      const kies = waarden.length <= 15;
      const in_ = veld(rooster, naam, kies ? "select" : "input");
      if (kies) {
        in_.append(new Option("alle", ""));
        waarden.sort(new Intl.Collator("nl", { numeric: true }).compare).forEach((w) => in_.append(new Option(w, `=${w}`)));
      } else { in_.type = "search"; in_.placeholder = "bevat…"; }
      const plat = (t) => zonderAccent(t).toLowerCase();
      in_.addEventListener(kies ? "change" : "input", () => {
        const w = in_.value;
        zet(w === "" ? null : (_, __, rij) => {
          const cel = dt.cell(rij, n).node().textContent;
          return kies ? cel === w.slice(1) : plat(cel).includes(plat(w));
        });
      });
      wissers.push(() => { in_.value = ""; kolom.search.fixed("hd", null); return in_; });
    } else {
      const procent = soort === "deel";
      const groep = rooster.appendChild(document.createElement("span"));
      groep.className = "hd-van-tot";
      const paar = [`${naam}, vanaf`, "tot en met"].map((t) => Object.assign(veld(groep, procent ? `${t} (%)` : t, "input"), { type: "text", inputMode: "decimal", size: 8 }));
      paar[1].setAttribute("aria-label", `${naam}, tot en met`);
      const kijk = () => {
        const [van, tot] = paar.map((p) => getal(p.value, procent));
        paar.forEach((p, i) => p.setAttribute("aria-invalid", String(p.value.trim() !== "" && [van, tot][i] === null)));
        zet(van === null && tot === null ? null : (_, __, rij) => {
          const w = dt.cell(rij, n).node().dataset.order;
          return w !== "" && w !== undefined && (van === null || Number(w) >= van) && (tot === null || Number(w) <= tot);
        });
      };
      paar.forEach((p) => p.addEventListener("input", kijk));
      wissers.push(() => { paar.forEach((p) => { p.value = ""; p.setAttribute("aria-invalid", "false"); }); kolom.search.fixed("hd", null); });
    }
  });
  const knop = rooster.appendChild(document.createElement("button"));
  knop.type = "button";
  knop.textContent = "Alle filters wissen";
  knop.addEventListener("click", () => { wissers.forEach((w) => w()); dt.search("").draw(); teken(); });
  const teken = () => {
    const n = Array.from(rooster.querySelectorAll("input, select")).filter((i) => i.value !== "").length;
    kop.textContent = n ? `Filter per kolom (${n} actief)` : "Filter per kolom";
  };
  return doos;
}
