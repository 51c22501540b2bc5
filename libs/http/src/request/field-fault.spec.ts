import { fieldFailure, type FieldFault } from './field-fault';

const fault = (field: string, kind: FieldFault['kind'] = {}): FieldFault => ({ field, message: 'is wrong', kind });

test('the message and the details name every invalid field', () => {
  expect(fieldFailure([fault('a'), fault('b')], 422)).toEqual({
    status: 422,
    code: 'INVALID_REQUEST',
    message: 'a is wrong; b is wrong',
    details: {
      fields: [
        { field: 'a', message: 'is wrong' },
        { field: 'b', message: 'is wrong' },
      ],
    },
  });
});

test.each([
  ['one fault', [{ code: 'INVALID_AMOUNT' }], 422, 'INVALID_AMOUNT'],
  ['faults with the same code', [{ code: 'INVALID_AMOUNT' }, { code: 'INVALID_AMOUNT' }], 422, 'INVALID_AMOUNT'],
  ['faults with different codes', [{ code: 'INVALID_AMOUNT' }, {}], 422, 'INVALID_REQUEST'],
  [
    'faults that make the request unreadable',
    [{ isUnreadable: true }, { code: 'INVALID_AMOUNT' }],
    400,
    'INVALID_REQUEST',
  ],
])('the status and code are right for %s', (_what, kinds, status, code) => {
  const faults = kinds.map((kind, index) => fault(String(index), kind));
  expect(fieldFailure(faults, 422)).toMatchObject({ status, code });
});
