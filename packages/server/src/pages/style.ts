/* The style of the pages. Colours follow the reader's scheme, and no meaning is in a colour alone. */
import { createHash } from 'node:crypto';

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f8fa; --card: #ffffff; --line: #8c959f; --faint: #d1d9e0; --text: #1f2328; --quiet: #59636e;
  --link: #0550ae; --bad: #b3202c; --good: #1a6b33; --warn: #7a4f00; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --card: #151b23; --line: #7d8590; --faint: #3d444d; --text: #f0f6fc; --quiet: #a5afb9;
    --link: #79c0ff; --bad: #ff8f87; --good: #6fdd8b; --warn: #e3b341; --on: #0d1117;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; overflow-wrap: anywhere }
.skip { position: absolute; left: -999em }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px; z-index: 1 }
.top { background: var(--card); border-bottom: 1px solid var(--faint) }
.top > div, main, .foot { max-width: 860px; margin: 0 auto; padding: 12px 16px }
.top > div { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center }
.top nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 0; padding: 0 }
.top .who { margin-left: auto; display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; color: var(--quiet) }
.brand { font-weight: 700 }
[aria-current] { font-weight: 700; color: var(--text) }
main { padding-top: 20px; padding-bottom: 40px }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px }
h2 { font-size: 19px; line-height: 1.3; margin: 0 0 8px }
h3 { font-size: 16px; margin: 0 0 4px }
p { margin: 0 0 12px }
a { color: var(--link) }
.quiet, .hint { color: var(--quiet) }
section { background: var(--card); border: 1px solid var(--faint); border-radius: 8px; padding: 16px; margin: 16px 0 }
code, pre, .code { font: 14px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; unicode-bidi: isolate }
h1 code { font-size: 23px; font-weight: 600 }
pre { white-space: pre-wrap; margin: 8px 0; padding: 10px; background: var(--ground); border: 1px solid var(--faint); border-radius: 6px }
dl { display: grid; grid-template-columns: minmax(90px, auto) 1fr; gap: 4px 16px; margin: 0 0 12px }
dt { color: var(--quiet) }
dd { margin: 0; min-width: 0 }
bdi { unicode-bidi: isolate }
.reason { white-space: pre-line }
.findings { list-style: none; margin: 0; padding: 0 }
.findings > li { border-top: 1px solid var(--faint); padding: 12px 0 }
.findings > li:first-child { border-top: 0; padding-top: 4px }
.badge { display: inline-block; border: 1px solid; border-radius: 12px; padding: 0 10px; font-size: 14px; font-weight: 600; color: var(--quiet) }
.badge.is-bad { color: var(--bad) }
.badge.is-good { color: var(--good) }
.badge.is-warn { color: var(--warn) }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--quiet); padding-bottom: 6px }
th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--faint) }
tbody th { font-weight: 600 }
label { display: block; font-weight: 600; margin: 12px 0 2px }
.hint { margin: 0 0 4px; font-size: 15px }
input, textarea { width: 100%; max-width: 640px; font: inherit; color: var(--text); background: var(--card);
  border: 1px solid var(--line); border-radius: 6px; padding: 8px }
input[type=date] { max-width: 220px }
textarea { min-height: 84px }
button { font: inherit; font-weight: 600; margin: 12px 0 0; padding: 8px 16px; border-radius: 6px; cursor: pointer;
  border: 1px solid var(--link); background: var(--link); color: var(--on) }
button.is-bad { border-color: var(--bad); background: var(--card); color: var(--bad) }
.top button { margin: 0; padding: 2px 10px; background: var(--card); color: var(--link); font-weight: 400 }
a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px }
.error { color: var(--bad); font-weight: 600; margin: 0 0 4px }
[aria-invalid=true] { border: 2px solid var(--bad) }
.summary { border: 3px solid var(--bad) }
.notice { border-left: 6px solid var(--good) }
.notice.is-warn { border-left-color: var(--warn) }
.states { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 0 0 12px; padding: 0 }
summary { cursor: pointer }
.events { margin: 0; padding-left: 20px }
.events li { margin: 0 0 8px }
.foot { color: var(--quiet); font-size: 14px }
@media (max-width: 560px) {
  dl { display: block }
  dd { margin: 0 0 8px }
  thead { position: absolute; left: -999em }
  table, tbody, tr, tbody th, td, caption { display: block }
  tr { border-bottom: 1px solid var(--faint); padding: 8px 0 }
  tbody th, td { border: 0; padding: 0 }
  .top .who { margin-left: 0 }
}
@media (forced-colors: active) { .badge, button { border: 1px solid } }
@media print { .top, form { display: none } section { break-inside: avoid } }
`;

/** Changes with the style, so that a browser may keep each version. */
export const STYLE_VERSION: string = createHash('sha256').update(STYLE).digest('hex').slice(0, 12);
