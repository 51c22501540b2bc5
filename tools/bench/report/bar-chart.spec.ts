import { renderBarChart } from './bar-chart';

const bar = (label: string, ...values: number[]) => ({
  label,
  parts: values.map((value, index) => ({ label: `part ${index}`, value })),
});

test('the longest bar fills the width, and the others are in proportion', () => {
  const svg = renderBarChart({
    title: 'Rates',
    groups: [{ label: 'adds', bars: [bar('souk', 50), bar('floor', 200)] }],
  });
  const widths = [...svg.matchAll(/<rect x="300.0" y="[\d.]+" width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect(widths).toEqual([120, 480]);
  expect(svg).toContain('>200</text>');
});

test('parts continue where the previous one ends, and are explained in a legend', () => {
  const svg = renderBarChart({ title: 'CPU', groups: [{ label: 'adds', bars: [bar('souk', 1, 3)] }] });
  expect(svg).toMatch(/<rect x="300.0" [^>]*width="120.0"/);
  expect(svg).toMatch(/<rect x="420.0" [^>]*width="360.0"/);
  expect(svg.match(/>part 1<\/text>/g)).toHaveLength(1);
});

test('text is escaped', () => {
  expect(renderBarChart({ title: 'a < b & c', groups: [] })).toContain('>a &lt; b &amp; c</text>');
});

test('bars of nothing are drawn without a width', () => {
  const svg = renderBarChart({ title: 'Rates', groups: [{ label: 'adds', bars: [bar('souk', 0)] }] });
  expect(svg).toContain('width="0.0"');
  expect(svg).not.toContain('NaN');
});
