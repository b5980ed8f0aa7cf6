-- Net pieces of a product by day, from the first day on which any were sold. $1 tenant, $2 shop, $3 product, $4 last day.
SELECT CAST(day AS TEXT) AS day, CAST(sum(quantity_milli) AS BIGINT) AS quantity_milli
FROM sale_lines
WHERE tenant = $1 AND shop_id = $2 AND product_id = $3 AND CAST(day AS TEXT) <= $4
    AND day >= (SELECT min(day) FROM sale_lines
        WHERE tenant = $1 AND shop_id = $2 AND product_id = $3 AND quantity_milli > 0)
GROUP BY day
ORDER BY 1
