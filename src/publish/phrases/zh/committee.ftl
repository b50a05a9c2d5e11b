# 委员会页面。
page-projects = 项目
page-sign-out = 退出
page-sign-in = 登录
