# planning

# compare: figures side by side
compare-plan = 方案
compare-parent = 以哪个方案为基础
compare-objective = 总社会成本（元/日）
compare-people-cost = 出行者成本（元/日）
compare-running-cost = 运营费用（元/日）
compare-upkeep = 线路与站点维护（元/日）
compare-changes = 变动代价（元/日）
compare-nothing = 不开班车时的总成本（元/日）
compare-bound = 理论下限（元/日）
compare-gap = 尚未实现的效益比例
compare-served = 日均乘坐人数
compare-generalised = 平均加权出行时间（秒）
compare-walk = 平均步行（米）
compare-wait = 平均等候（秒）
compare-ride = 平均乘车（秒）
compare-load = 平均最大满载率
compare-lines = 线路数（单向）
compare-stops = 站点数
compare-trips = 班次数
compare-vehicles = 用车数
compare-duties = 司机班数
compare-permits = 获批车位数
compare-findings = 待核实事项

# compare: what changed
change-stop-added = 新增站点：{ $stop }
change-stop-removed = 取消站点：{ $stop }
change-stop-moved = 站点{ $stop }移动 { $metres } 米
change-line-added = 新开线路：{ $line }
change-line-removed = 停开线路：{ $line }
change-line-longer = 线路{ $line }：增停{ $added }
change-line-shorter = 线路{ $line }：不再停{ $removed }
change-line-changed = 线路{ $line }：增停{ $added }，不再停{ $removed }
change-line-reordered = 线路{ $line }：停靠顺序改变
change-trip-added = { $line }（{ $service }）：增加 { $time } 班次
change-trip-removed = { $line }（{ $service }）：取消 { $time } 班次
change-trip-earlier = { $line }（{ $service }）：{ $from } 班次提前 { $minutes } 分钟，改为 { $to }
change-trip-later = { $line }（{ $service }）：{ $from } 班次推迟 { $minutes } 分钟，改为 { $to }
change-people-gained = { $origin } 到 { $destination }、{ $time }（{ $service }）：多 { $people } 人乘坐
change-people-lost = { $origin } 到 { $destination }、{ $time }（{ $service }）：少 { $people } 人乘坐
change-others-gained = 其余人数较少的出行群体合计：多 { $people } 人乘坐
change-others-lost = 其余人数较少的出行群体合计：少 { $people } 人乘坐
