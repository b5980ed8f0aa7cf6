-- Totals of a period. $1 tenant, $2 shop, $3 first day, $4 last day. Lines of returns are negative already.
SELECT CAST(coalesce(sum(amount_paisa), 0) AS BIGINT) AS revenue_paisa,
    CAST(coalesce(sum(quantity_milli), 0) AS BIGINT) AS quantity_milli,
    CAST(count(DISTINCT CASE is_return WHEN 0 THEN sale_id END) AS BIGINT) AS sales,
    CAST(count(DISTINCT CASE is_return WHEN 1 THEN sale_id END) AS BIGINT) AS returns,
    CAST(coalesce(sum(CASE is_return WHEN 1 THEN -amount_paisa END), 0) AS BIGINT) AS returned_paisa,
    CAST(count(*) AS BIGINT) AS lines,
    CAST(count(DISTINCT customer_id) AS BIGINT) AS customers,
    CAST(count(DISTINCT product_id) AS BIGINT) AS products
FROM sale_lines
WHERE tenant = $1 AND shop_id = $2 AND CAST(day AS TEXT) BETWEEN $3 AND $4
