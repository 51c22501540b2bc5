/** A bar: parts on top of each other. */
export interface Bar {
  label: string;
  parts: { label: string; value: number }[];
}

export interface BarChart {
  title: string;
  groups: { label: string; bars: Bar[] }[];
}

/** For white and dark pages. The first seven can be told apart by the colour-blind (after Okabe and Ito). */
const COLOURS = [
  ...['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#b0a800'],
  ...['#7f7f7f', '#8c564b', '#6a3d9a', '#2f8f8f', '#ff7f7f', '#98df8a'],
];
const TEXT = '#808080';
const LINE_HEIGHT = 18;
const BAR_HEIGHT = 14;
const BARS_LEFT = 300;
const BARS_WIDTH = 480;
const WIDTH = BARS_LEFT + BARS_WIDTH + 90;
const LEGEND_COLUMNS = 4;

/** @returns an SVG image of horizontal bars, with a legend if there is more than one kind of part */
export function renderBarChart({ title, groups }: BarChart): string {
  const bars = groups.flatMap((group) => group.bars);
  const parts = [...new Set(bars.flatMap((bar) => bar.parts.map(({ label }) => label)))];
  const colourOf = new Map(parts.map((label, index) => [label, COLOURS[index % COLOURS.length]!]));
  const max = Math.max(0, ...bars.map(totalOf)) || 1;
  const lines: string[] = [];
  let y = LINE_HEIGHT;
  const write = (x: number, content: string, attributes = '') =>
    void lines.push(`<text x="${x}" y="${y}"${attributes}>${escape(content)}</text>`);

  write(8, title, ' font-weight="bold"');
  if (parts.length > 1) y = drawLegend(lines, colourOf, y);
  for (const group of groups) {
    y += LINE_HEIGHT * 1.5;
    write(8, group.label);
    for (const bar of group.bars) {
      y += LINE_HEIGHT;
      write(BARS_LEFT - 8, bar.label, ' text-anchor="end"');
      drawBar(lines, bar, { y: y - BAR_HEIGHT + 3, scale: BARS_WIDTH / max, colourOf });
      write(BARS_LEFT + (totalOf(bar) / max) * BARS_WIDTH + 6, format(totalOf(bar)));
    }
  }
  const height = y + LINE_HEIGHT;
  const root = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="${TEXT}">`;
  return `${root}\n${lines.join('\n')}\n</svg>\n`;
}

function drawLegend(lines: string[], colourOf: ReadonlyMap<string, string>, top: number): number {
  let y = top + LINE_HEIGHT / 2;
  [...colourOf].forEach(([label, colour], index) => {
    if (index % LEGEND_COLUMNS === 0) y += LINE_HEIGHT;
    const x = 8 + (index % LEGEND_COLUMNS) * ((WIDTH - 16) / LEGEND_COLUMNS);
    lines.push(`<rect x="${x}" y="${y - 11}" width="12" height="12" fill="${colour}"/>`);
    lines.push(`<text x="${x + 18}" y="${y}">${escape(label)}</text>`);
  });
  return y;
}

function drawBar(
  lines: string[],
  { parts }: Bar,
  { y, scale, colourOf }: { y: number; scale: number; colourOf: ReadonlyMap<string, string> },
): void {
  let x = BARS_LEFT;
  for (const { label, value } of parts) {
    const width = value * scale;
    const box = `x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}"`;
    lines.push(`<rect ${box} fill="${colourOf.get(label)}"><title>${escape(label)}: ${format(value)}</title></rect>`);
    x += width;
  }
}

const totalOf = ({ parts }: Bar): number => parts.reduce((sum, { value }) => sum + value, 0);

const format = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
