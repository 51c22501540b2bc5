/** What every table of Souk ends with. */
export const TABLE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** Of a column that holds nothing else, and is compared byte by byte. */
export const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

/** The type of an id that is a UUID. */
export const ID = `CHAR(36) ${ASCII}`;
