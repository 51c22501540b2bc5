import { fieldFailure, type FieldError } from './field-error';

const fieldError = (field: string, kind: FieldError['kind'] = {}): FieldError => ({ field, message: 'is wrong', kind });

test('the message and the details name every invalid field', () => {
  expect(fieldFailure([fieldError('a'), fieldError('b')], 422)).toEqual({
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
  ['one error', [{ code: 'INVALID_AMOUNT' }], 422, 'INVALID_AMOUNT'],
  ['errors with the same code', [{ code: 'INVALID_AMOUNT' }, { code: 'INVALID_AMOUNT' }], 422, 'INVALID_AMOUNT'],
  ['errors with different codes', [{ code: 'INVALID_AMOUNT' }, {}], 422, 'INVALID_REQUEST'],
  [
    'an error that makes the request unreadable',
    [{ isUnreadable: true }, { code: 'INVALID_AMOUNT' }],
    400,
    'INVALID_REQUEST',
  ],
])('the failure has the right status and code for %s', (_case, kinds, status, code) => {
  const errors = kinds.map((kind, index) => fieldError(String(index), kind));
  expect(fieldFailure(errors, 422)).toMatchObject({ status, code });
});
