-- Products by net revenue, most first, equals by id. $1 tenant, $2 shop, $3 first day, $4 last day, $5 how many.
SELECT s.product_id, coalesce(p.sku, '') AS sku, coalesce(p.name, p.sku, s.product_id) AS name,
    s.revenue_paisa, s.quantity_milli
FROM (
    SELECT product_id, CAST(sum(amount_paisa) AS BIGINT) AS revenue_paisa,
        CAST(sum(quantity_milli) AS BIGINT) AS quantity_milli
    FROM sale_lines
    WHERE tenant = $1 AND shop_id = $2 AND CAST(day AS TEXT) BETWEEN $3 AND $4
    GROUP BY product_id
    HAVING sum(amount_paisa) > 0
) s
LEFT JOIN products p ON p.tenant = $1 AND p.product_id = s.product_id
ORDER BY s.revenue_paisa DESC, s.product_id
LIMIT $5
