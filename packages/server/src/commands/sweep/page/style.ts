import { markup, type Markup } from '../../../browser/markup.ts';

/** Colours follow the reader's scheme. Red and amber differ in lightness as well, and each colour repeats what a number shows. */
export const STYLE: Markup = markup`
:root {
  color-scheme: light dark;
  --ground: #f6f8fa; --card: #ffffff; --line: #d1d9e0; --text: #1f2328; --quiet: #59636e;
  --clean: #a9c4de; --warned: #d9a521; --rejected: #b3202c; --plain: #6e7f91;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --card: #151b23; --line: #3d444d; --text: #f0f6fc; --quiet: #9aa4af;
    --clean: #3c5a78; --warned: #e3b341; --rejected: #ff6a61; --plain: #8b9bab;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 48px }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px }
h2 { font-size: 18px; margin: 0 0 2px }
h3 { font-size: 15px; margin: 20px 0 4px }
p { margin: 0 0 12px }
.quiet { color: var(--quiet) }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 24px; margin-top: 20px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; padding: 0 }
.tiles div { background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--plain); border-radius: 8px; padding: 10px 14px }
.tiles .is-clean { border-top-color: var(--clean) }
.tiles .is-warned { border-top-color: var(--warned) }
.tiles .is-rejected { border-top-color: var(--rejected) }
.tiles dt { color: var(--quiet); font-size: 13px }
.tiles dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums }
.tiles dd + dd { font-size: 13px; font-weight: 400; color: var(--quiet) }
figure { margin: 0 }
.chart { overflow-x: auto }
svg { display: block; width: 100%; min-width: 640px; height: auto; margin: 8px 0 }
svg text { font-size: 13px; fill: var(--text); font-variant-numeric: tabular-nums }
svg .label { text-anchor: end; unicode-bidi: isolate }
svg .year { text-anchor: middle }
svg .note, svg .unit { fill: var(--quiet) }
svg .axis, svg .grid { stroke: var(--line) }
.clean { fill: var(--clean); background: var(--clean) }
.warned { fill: var(--warned); background: var(--warned) }
.rejected { fill: var(--rejected); background: var(--rejected) }
.plain { fill: var(--plain); background: var(--plain) }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 8px 0; padding: 0; font-size: 13px; color: var(--quiet) }
.legend span { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px }
details { margin-top: 8px }
summary { cursor: pointer; color: var(--quiet); font-size: 13px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 13px; margin-top: 8px }
caption { text-align: left; color: var(--quiet); padding-bottom: 4px }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
th { font-weight: 600 }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td.time { white-space: nowrap }
footer { color: var(--quiet); font-size: 13px; margin-top: 20px }
@media print { section { break-inside: avoid } body { background: none } }
`;
