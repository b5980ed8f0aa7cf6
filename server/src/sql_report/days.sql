-- First and last day with a receipt. $1 tenant, $2 shop.
SELECT coalesce(min(CAST(day AS TEXT)), '') AS first_day, coalesce(max(CAST(day AS TEXT)), '') AS last_day
FROM sale_lines
WHERE tenant = $1 AND shop_id = $2
