// Builds the pages' style sheet, script, fonts and icon into OUTPUT/static and the PDF's fonts into OUTPUT/fonts.
// Called by tools/setup.py: node assets/build.mjs OUTPUT
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const output = process.argv[2];
const site = join(output, "static");
const print = join(output, "fonts");
const manifest = {};

// The symbols that pages use and Noto Sans lacks; keep in step with the unicode ranges of styles/_fonts.scss.
const SYMBOLS = "■□▲▼○●◔✓✕";
const ARROWS = "←↑→↓≠≤≥";

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const dot = name.lastIndexOf(".");
  manifest[name] = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(site, manifest[name]), content);
}

function expo(family, style, file) {
  return join(packages, "@expo-google-fonts", family, style, `${file}_${style}.ttf`);
}

mkdirSync(site, { recursive: true });
mkdirSync(print, { recursive: true });

// Fonts of the pages.
for (const name of ["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal"]) {
  const file = `noto-sans-${name}.woff2`;
  put(file, readFileSync(join(packages, "@fontsource-variable/noto-sans/files", file)));
}
const symbols = expo("noto-sans-symbols-2", "400Regular", "NotoSansSymbols2");
const arrows = expo("noto-sans-math", "400Regular", "NotoSansMath");
put("noto-symbols.woff2", await subsetFont(readFileSync(symbols), SYMBOLS, { targetFormat: "woff2" }));
put("noto-arrows.woff2", await subsetFont(readFileSync(arrows), ARROWS, { targetFormat: "woff2" }));

// Style sheet: font addresses become the hashed names beside it.
const { css } = sass.compile(join(here, "styles/site.scss"), { style: "compressed", quietDeps: true });
const linked = css.replace(/url\("?([^"):]+\.woff2)"?\)/g, (_, name) => {
  if (!manifest[name]) throw new Error(`styles/_fonts.scss names ${name}, which build.mjs does not make`);
  return `url(${manifest[name]})`;
});
put("site.css", linked);

// Scripts: our modules and govuk-frontend's, imported by their hashed names.
const library = readFileSync(join(packages, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");
put("govuk-frontend.js", library.replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
for (const name of ["drafts", "passkeys", "shortcuts"]) {
  put(`${name}.js`, readFileSync(join(here, `scripts/${name}.mjs`), "utf8"));
}
const script = readFileSync(join(here, "scripts/site.mjs"), "utf8")
  .replace('"govuk-frontend"', `"./${manifest["govuk-frontend.js"]}"`)
  .replace(/"\.\/(\w+)\.mjs"/g, (_, name) => `"./${manifest[`${name}.js`]}"`);
put("site.js", script);

put("icon.svg", readFileSync(join(here, "images/icon.svg")));
writeFileSync(join(site, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

// Fonts of the PDF: whole TrueType files, their licence beside them.
const printed = [
  ["noto-sans", "400Regular", "NotoSans"],
  ["noto-sans", "400Regular_Italic", "NotoSans"],
  ["noto-sans", "600SemiBold", "NotoSans"],
  ["noto-sans", "700Bold", "NotoSans"],
  ["noto-sans-arabic", "400Regular", "NotoSansArabic"],
  ["noto-sans-arabic", "600SemiBold", "NotoSansArabic"],
  ["noto-sans-arabic", "700Bold", "NotoSansArabic"],
  ["noto-sans-canadian-aboriginal", "400Regular", "NotoSansCanadianAboriginal"],
  ["noto-sans-canadian-aboriginal", "700Bold", "NotoSansCanadianAboriginal"],
  ["noto-sans-symbols", "400Regular", "NotoSansSymbols"],
  ["noto-sans-symbols-2", "400Regular", "NotoSansSymbols2"],
  ["noto-sans-math", "400Regular", "NotoSansMath"],
  ["noto-emoji", "400Regular", "NotoEmoji"],
  ["noto-emoji", "700Bold", "NotoEmoji"],
];
for (const [family, style, file] of printed) {
  cpSync(expo(family, style, file), join(print, `${file}_${style}.ttf`));
}
cpSync(join(packages, "@expo-google-fonts/noto-sans/LICENSE_FONT"), join(print, "OFL.txt"));
