import fc from 'fast-check';
import { decodeOutcome, encodeOutcome } from './outcome-codec';

const outcomes = fc.letrec((tie) => ({
  any: fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
    fc.bigInt(),
    fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-01-01') }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,8}$/), tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

test('every outcome is the same after encoding and decoding: amounts stay bigints, and moments stay dates', () => {
  fc.assert(fc.property(outcomes, (outcome) => expect(decodeOutcome(encodeOutcome(outcome))).toEqual(outcome)));
});
