import { fieldFailure, type FieldFault } from './field-fault';

const fault = (field: string, kind: FieldFault['kind'] = {}): FieldFault => ({ field, message: 'is wrong', kind });

test('every field with a fault is named, in the words and in the details', () => {
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
  ['of one kind', [{ code: 'INVALID_AMOUNT' }], 422, 'INVALID_AMOUNT'],
  ['of the same kind', [{ code: 'INVALID_AMOUNT' }, { code: 'INVALID_AMOUNT' }], 422, 'INVALID_AMOUNT'],
  ['of several kinds', [{ code: 'INVALID_AMOUNT' }, {}], 422, 'INVALID_REQUEST'],
  ['that make a request unreadable', [{ isUnreadable: true }, { code: 'INVALID_AMOUNT' }], 400, 'INVALID_REQUEST'],
])('faults %s have their status and code', (_what, kinds, status, code) => {
  const faults = kinds.map((kind, index) => fault(String(index), kind));
  expect(fieldFailure(faults, 422)).toMatchObject({ status, code });
});
