import { renderTable } from './table';

test('text is aligned to the left, numbers to the right', () => {
  expect(
    renderTable(
      ['case', 'rate'],
      [
        ['adds', '12,345'],
        ['a longer name', '1'],
      ],
    ),
  ).toBe(
    [
      '| case          |   rate |',
      '| ------------- | -----: |',
      '| adds          | 12,345 |',
      '| a longer name |      1 |',
    ].join('\n'),
  );
});
