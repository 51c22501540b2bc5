/** SQL for an id derived from a text, in the form of a UUID. */
export const idOf = (text: string): string =>
  `INSERT(INSERT(INSERT(INSERT(MD5(${text}), 9, 0, '-'), 14, 1, '-7'), 19, 1, '-8'), 24, 0, '-')`;

/** SQL for an id that begins with a timestamp, as the apps' ids do. */
export function idAt(moment: string, text: string): string {
  const time = `LPAD(LOWER(HEX(CAST(UNIX_TIMESTAMP(${moment}) * 1000 AS UNSIGNED))), 12, '0')`;
  return `INSERT(${idOf(text)}, 1, 13, CONCAT(LEFT(${time}, 8), '-', RIGHT(${time}, 4)))`;
}

/** SQL that converts an amount in minor units to decimal text, as in an event. */
export const decimalOf = (amount: string): string => `CAST(CAST((${amount}) / 100 AS DECIMAL(30, 2)) AS CHAR)`;

export const customerText = (index: string): string => `CONCAT('shopper-', LPAD(${index}, 6, '0'))`;
export const productText = (index: string): string => `CONCAT('item-', LPAD(${index}, 6, '0'))`;
