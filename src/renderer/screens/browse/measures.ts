/** Of the grid of data, in pixels. */
export const rowHeight = 30
export const headHeight = 48
/** where the numbers of the rows stand */
export const gutter = 62
