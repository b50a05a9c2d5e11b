# 服务的错误：什么不对，怎么办。
problem-missing = 这里没有这个{ $what ->
        [action] 操作
        [alert] 通知
        [answer] 答卷
        [cancellation] 停运
        [claim] 认领
        [cohort] 人群
        [comment] 意见
        [delay] 晚点
        [day] 日期
        [file] 文件
        [grant] 授权
        [invitation] 邀请
        [key] 密钥
        [lot] 停车场
        [page] 网页
        [parking-request] 停车申请
        [plan] 方案
        [project] 项目
        [publication] 发布
        [response] 答卷
        [ride] 行程
        [room] 房间
        [round] 问卷轮次
        [row] 记录
        [run] 规划任务
        [scenario] 情景
        [station] 车站
        [stop] 站点
        [sweep] 批量试算
        [timetable] 时刻表
        [trip] 班次
        [user] 用户
       *[other] （{ $what }）
    }。
    .do = 请检查网址；也可能您在这个项目里没有角色。
problem-anonymous = 您还没有登录。
    .do = 请登录，或用 “Authorization: Bearer …” 发送密钥。
problem-forbidden = 您的角色不能做这件事。
    .do = 请管理员给您合适的角色。
problem-sign-in-wrong = 登录名或密码不对。
    .do = 请再试一次，或请管理员发一个新的链接。
problem-foreign-page = 这个请求来自其他网站的页面。
    .do = 请在本站打开页面再试。
problem-open-only-here = 免登录时只在本机上应答。
    .do = 请用 localhost 打开，或启动时去掉 --open。
problem-no-users-when-open = 免登录时没有用户和密钥。
    .do = 请在启动时去掉 --open。
problem-not-oneself = 不能停用自己。
    .do = 请另一位管理员来做。
problem-exists = 已经存在，或还有别的内容在使用它。
    .do = 请换一个编号或名称，或先看看已有的内容。
problem-fields = 所填内容有误。
    .do = 请改正 “errors” 中列出的各项。
problem-json = 不是 JSON：{ $reason }。
    .do = 请按 /docs 的说明发送 JSON。
problem-json-field = 内容不符：{ $reason }。
    .do = 请看 /docs 的说明。
problem-not-json = 需要 JSON 内容。
    .do = 请发送 “Content-Type: application/json”。
problem-query = 网址中的参数有误：{ $reason }。
    .do = 请看 /docs 的说明。
problem-header = 请求头 { $name } 不可用。
    .do = 最多 128 个可见字符。
problem-broken-off = 发送中断了。
    .do = 请重新发送。
problem-too-large = 超过 { $megabytes } MB。
    .do = 请减小：截取所需的道路，或分成几个文件。
problem-too-many-files = 文件超过 { $most } 个。
    .do = 只发送项目文件夹里的文件。
problem-not-a-zip = 不是可读的 ZIP 文件。
    .do = 请把项目文件夹打包成 ZIP 再上传。
problem-empty-file = 文件是空的。
    .do = 请把文件内容作为请求正文发送；要移除文件请用 DELETE。
problem-no-project-file = 没有 project.toml。
    .do = 请先放入 project.toml，可参照 data/gonghexin。
problem-inputs-unreadable = 项目的文件无法读取。
    .do = 请看发现的问题，改好文件再试。
problem-scenario-fits-not = 第 { $number } 项修改与项目不符：{ $reason }。
    .do = 请改正这项修改或项目。
problem-changed-meanwhile = 其间有人改过了。
    .do = 请重新读取，再做您的修改。
problem-key-used-otherwise = 这个 Idempotency-Key 已用于别的请求。
    .do = 请换一个新的。
problem-too-many-runs = 等待的任务超过 { $most } 个。
    .do = 请稍候，或取消几个。
problem-compare-count = 可以并排比较 2 到 { $most } 个方案。
    .do = 请用逗号分隔它们的编号。
problem-method = 这个网址不能这样使用。
    .do = 请看 /docs 的说明。
problem-disk-full = 磁盘已满，什么都没有写入；读取照常。
    .do = 请腾出空间再试，不需要重启。
problem-unavailable = 暂时连不上数据库。
    .do = 请过几秒再试。
problem-fault = 这是我们的错误。
    .do = 请再试一次；如果仍然如此，请把回答中的 x-request-id 告诉我们。
problem-text-length = 应为 { $least } 到 { $most } 个字符。
    .do = 请缩短或填写。
problem-text-control = 含有无法显示的字符。
    .do = 请重新输入。
problem-number-range = 应在 { $least } 到 { $most } 之间。
    .do = 请填这个范围内的值。
problem-slug = 只用小写字母、数字和连字符，最多 64 个，不以连字符开头。
    .do = 例如 gonghexin。
problem-park-without-project = 给出园区时还要给出项目。
    .do = 请同时给出项目。

explain-rides = { $time } 从{ $from }到{ $to }：步行 { $walk } 米，等候 { $wait } 分钟，乘车 { $ride } 分钟

run-lost-too-often = 计算程序三次中断。处理办法：查看服务器日志；缩短搜索可能少用内存。
run-panicked = 规划程序中断，是我们的错误。处理办法：请告诉我们；可先换一个随机种子。
run-roads-tangled = 这些道路彼此交错，没有哪个城市是这样，而且太多：算行车时间要好几个小时。处理办法：检查画的线（从任意一点通到任意一点的路），或只保留本区域的道路。
run-plan-refused = 方案没有通过检查，是我们的错误。处理办法：请告诉我们；可先换一个随机种子。
run-inputs-unreadable = 项目的文件无法读取。处理办法：请看项目中发现的问题。
run-inputs-hopeless = 用这些文件做不出合理的方案。处理办法：请先改正项目中的错误。
run-scenario-fits-not = 有一项修改与项目不符。处理办法：请改正情景。
run-damaged = 任务无法读取：可能是较新版本提交的。处理办法：请更新所有计算程序，再重新开始。
problem-too-often = 您的网络地址请求太多。
    .do = 请过几分钟再试。
