/** The variables that tell a floor where its engines are. */
export const MYSQL_VARIABLE = 'FLOOR_MYSQL_URL';
export const RABBITMQ_VARIABLE = 'FLOOR_RABBITMQ_URL';
