/** The options of every Souk table. */
export const TABLE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** For a column that contains only ASCII and is compared byte by byte. */
export const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

/** The type of a UUID column. */
export const ID = `CHAR(36) ${ASCII}`;
